/** Figures of faithfulness on models whose true evidence is known. */
import { describe, expect, it } from 'vitest';
import type { Classified } from '../../src/engine/explainer';
import { measureFaithfulness, type MeasuredModel } from '../../src/engine/measure/faithfulness';
import { MaskedAnswers } from '../../src/engine/measure/masked-answers';
import type { PatchMask } from '../../src/engine/masking/patch-mask';
import type { VitStructure } from '../../src/engine/vit/structure';
import { defaultMeasuring, type Faithfulness } from '../../src/shared/faithfulness';

const grid = [4, 5] as const;
const patches = grid[0] * grid[1];
const structure = { grid, readout: { kind: 'token', row: 0 } } as unknown as VitStructure;

/** A model whose probability of class 0 is a function of the patches that are there. */
function modelOf(probability: (mask: PatchMask) => number) {
  let runs = 0;
  const answer = (mask: PatchMask) => {
    const p = probability(mask);
    return Float32Array.of(p, 1 - p);
  };
  const model: MeasuredModel = {
    structure,
    output: { kind: 'probability', assumed: [] },
    classifyWithout: (_, __, masks, onDone) => {
      runs += masks.length;
      onDone?.(masks.length);
      return Promise.resolve(masks.map(answer));
    },
  };
  const classified: Classified = {
    logits: answer(new Uint8Array(patches)),
    pixels: new Float32Array(),
  };
  return { model, answers: new MaskedAnswers(classified, 'mean'), runs: () => runs };
}

async function measured(
  { model, answers }: Pick<ReturnType<typeof modelOf>, 'model' | 'answers'>,
  maps: readonly Float32Array[],
): Promise<Faithfulness[]> {
  const shaped = maps.map((values) => ({ values, shape: grid }));
  return measureFaithfulness(model, answers, { index: 0 }, shaped, defaultMeasuring);
}

describe('measureFaithfulness', () => {
  // The middle of the picture is no evidence.
  const evidence = Float32Array.from({ length: patches }, (_, i) => (i === 3 ? 1 : 0));
  const onePatch = () => modelOf((mask) => (mask[3] === 1 ? 0.1 : 0.9));

  it('gives the right map the upper bound and its negation the lower one', async () => {
    const [right, wrong] = await measured(onePatch(), [evidence, evidence.map((value) => -value)]);
    // One step of ten is left at each end of the curves: 0.8 · (1 − 0.1).
    expect(right?.figures.abc).toBeCloseTo(0.72, 6);
    expect(wrong?.figures.abc).toBeCloseTo(-0.72, 6);
    expect(right?.figures.deletion).toBeCloseTo(0.1 + 0.8 * 0.05, 6);
    expect(right?.figures.insertion).toBeCloseTo(0.9 - 0.8 * 0.05, 6);
    expect(right?.figures.saco).toBe(1);
    expect(wrong?.figures.saco).toBeCloseTo(-1, 6);
    expect(right?.order[0]).toBe(3);
  });

  it('trusts a map that beats the middle of the picture and luck, and no other', async () => {
    // Half of the evidence in each of two corners, a little everywhere: no order finds both by luck.
    const weights = Float32Array.from({ length: patches }, (_, i) =>
      i === 0 || i === 1 || i === 4 || i === 19 ? 0.2 : 0.2 / 16,
    );
    const model = modelOf((mask) => mask.reduce((p, away, i) => p - away * (weights[i] ?? 0), 1));
    const [right, wrong, empty] = await measured(model, [
      weights,
      weights.map((value) => -value),
      new Float32Array(patches),
    ]);
    expect([right?.trusted, wrong?.trusted, empty?.trusted]).toEqual([true, false, false]);
    expect(right?.sentence).toMatch(/^Faithful here/);
    expect(wrong?.sentence).toMatch(/^Do not rely on it here/);
  });

  it('sums the pixels of each patch', async () => {
    const shape = [8, 10] as const;
    const values = new Float32Array(80);
    values[6] = 0.5;
    values[17] = 0.5;
    const { model, answers } = onePatch();
    const [map] = await measureFaithfulness(
      model,
      answers,
      { index: 0 },
      [{ values, shape }],
      defaultMeasuring,
    );
    expect(map?.figures.abc).toBeCloseTo(0.72, 6);
  });

  it('runs each mask once, however many maps share it', async () => {
    const one = onePatch();
    const [first, second] = await measured(one, [evidence, evidence]);
    expect(first?.runs).toBe(one.runs());
    expect(second?.runs).toBe(0);
    const before = one.runs();
    await measured(one, [evidence]);
    expect(one.runs()).toBe(before);
  });

  it('knows what luck gives', async () => {
    const [map] = await measured(onePatch(), [evidence]);
    expect(map?.controls.random).toMatchObject({ abc: 0, saco: 0 });
    expect(map?.luck).toBeGreaterThan(0);
    expect(map?.controls.random.deletion).toBe(map?.controls.random.insertion);
  });
});
