import { describe, expect, it } from 'vitest';
import { classificationReport } from '../../src/engine/heads/classification-report';
import { lbfgs } from '../../src/engine/heads/lbfgs';
import { seededRandom } from '../../src/shared/random';
import { logitsOf, softmaxRegression } from '../../src/engine/heads/softmax-regression';
import { standardisationOf, standardise } from '../../src/engine/heads/standardisation';
import { stratifiedSplit } from '../../src/engine/heads/stratified-split';
import { trainProbe } from '../../src/engine/heads/train-probe';
import { hasScikitLearn, scikitLearn } from '../fixtures/scikit-learn';

/** Overlapping Gaussian blobs, one a class: a problem with a finite best head. */
function blobs(rows: number, dim: number, classes: number, seed: number) {
  const random = seededRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const centres = Float32Array.from({ length: classes * dim }, () => normal());
  const labels = Int32Array.from({ length: rows }, (_, row) => row % classes);
  const features = Float32Array.from({ length: rows * dim }, (_, index) => {
    const row = Math.floor(index / dim);
    const d = index % dim;
    return (centres[(labels[row] ?? 0) * dim + d] ?? 0) + 1.5 * normal() * (d + 1) + 10 * d;
  });
  return { features, dim, labels, classes };
}

describe('lbfgs', () => {
  it('finds the minimum of an ill-conditioned quadratic', async () => {
    const scale = [1, 10, 100, 1000];
    const minimum = await lbfgs(
      (point) =>
        Promise.resolve({
          value: point.reduce((sum, x, i) => sum + ((scale[i] ?? 0) / 2) * (x - i) ** 2, 0),
          gradient: point.map((x, i) => (scale[i] ?? 0) * (x - i)),
        }),
      new Float64Array(4),
      { tolerance: 1e-9, iterations: 200 },
    );
    expect(minimum.converged).toBe(true);
    minimum.point.forEach((x, i) => expect(x).toBeCloseTo(i, 8));
  });
});

describe('softmaxRegression', () => {
  it('leaves a zero gradient by finite differences of an independent loss', async () => {
    const raw = blobs(120, 3, 3, 1);
    const data = {
      ...raw,
      features: standardise(raw.features, standardisationOf(raw.features, 3)),
    };
    const penalty = 1e-2;
    const { head, minimum } = await softmaxRegression(data, { penalty, threads: 1 });
    expect(minimum.converged).toBe(true);
    const loss = (weight: Float64Array, bias: Float64Array) => {
      let total = 0;
      data.labels.forEach((label, row) => {
        const logits = Array.from({ length: 3 }, (_, k) =>
          Array.from({ length: 3 }, (_, d) => d).reduce(
            (sum, d) => sum + (weight[k * 3 + d] ?? 0) * (data.features[row * 3 + d] ?? 0),
            bias[k] ?? 0,
          ),
        );
        total += Math.log(logits.reduce((sum, l) => sum + Math.exp(l), 0)) - (logits[label] ?? 0);
      });
      const norm = weight.reduce((sum, w) => sum + w * w, 0);
      return total / data.labels.length + (penalty / 2) * norm;
    };
    const weight = Float64Array.from(head.weight);
    const bias = Float64Array.from(head.bias);
    const at = loss(weight, bias);
    expect(at).toBeCloseTo(minimum.value, 5);
    for (let i = 0; i < weight.length; i++) {
      for (const step of [-0.05, 0.05]) {
        const moved = weight.slice();
        moved[i] = (moved[i] ?? 0) + step;
        expect(loss(moved, bias)).toBeGreaterThan(at);
      }
    }
  });
});

describe('trainProbe', () => {
  it('gives the same head for the same data and seed, and another split for another seed', async () => {
    const data = blobs(200, 4, 4, 2);
    const options = {
      seed: 7,
      validationShare: 0.25,
      threads: 1,
      classNames: ['a', 'b', 'c', 'd'],
    };
    const [one, two] = [await trainProbe(data, options), await trainProbe(data, options)];
    expect(two.head.weight).toEqual(one.head.weight);
    expect(two.split.validation).toEqual(one.split.validation);
    const other = await trainProbe(data, { ...options, seed: 8 });
    expect(other.split.validation).not.toEqual(one.split.validation);
  });

  it('keeps every class on both sides of the split', () => {
    const labels = Int32Array.from([0, 0, 1, 1, 1, 1, 1, 2, 2, 2]);
    const { train, validation } = stratifiedSplit(labels, 0.2, 3);
    for (const rows of [train, validation])
      expect(new Set(Array.from(rows, (row) => labels[row]))).toEqual(new Set([0, 1, 2]));
    expect([...train, ...validation].sort((a, b) => a - b)).toEqual([...labels.keys()]);
  });

  it('refuses one class only, and a class with one picture, in sentences', async () => {
    const options = { seed: 1, validationShare: 0.2, threads: 1 };
    const classNames = ['猫', '犬'];
    const features = Float32Array.from([1, 2, 3, 4]);
    await expect(
      trainProbe(
        { features, dim: 1, labels: Int32Array.from([0, 0, 0, 0]), classes: 1 },
        { ...options, classNames },
      ),
    ).rejects.toThrow(/same label, “猫”/);
    await expect(
      trainProbe(
        { features, dim: 1, labels: Int32Array.from([0, 0, 0, 1]), classes: 2 },
        { ...options, classNames },
      ),
    ).rejects.toThrow(/“犬” has only one readable picture/);
  });

  it('can be stopped between two steps', async () => {
    const stop = new AbortController();
    stop.abort();
    await expect(
      trainProbe(blobs(200, 4, 4, 2), {
        seed: 1,
        validationShare: 0.2,
        threads: 1,
        classNames: ['a', 'b', 'c', 'd'],
        signal: stop.signal,
      }),
    ).rejects.toThrow(/abort/i);
  });
});

describe.skipIf(!hasScikitLearn)(
  'scikit-learn (left out where python3-sklearn is not installed)',
  () => {
    it('agrees on the loss within 1 % and on the accuracy within half a point', async () => {
      const data = blobs(1500, 16, 10, 5);
      const penalty = 1e-3;
      const standard = {
        ...data,
        features: standardise(data.features, standardisationOf(data.features, data.dim)),
      };
      const { head, minimum } = await softmaxRegression(standard, { penalty, threads: 2 });
      const reference = scikitLearn(standard, standard, penalty);
      const logits = await logitsOf(standard.features, head, 2);
      const { top1 } = classificationReport(logits, data.labels, data.classes);
      console.log(
        `loss ${minimum.value.toFixed(6)} (scikit-learn ${reference.loss.toFixed(6)}), accuracy ${top1.toFixed(4)} (${reference.accuracy.toFixed(4)})`,
      );
      expect(Math.abs(minimum.value - reference.loss) / reference.loss).toBeLessThan(0.01);
      expect(Math.abs(top1 - reference.accuracy)).toBeLessThan(0.005);
    });
  },
);
