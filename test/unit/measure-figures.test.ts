/** Figures of faithfulness beside NumPy's of the same map (`faithfulness-reference.py`). */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { measureFaithfulness, type MeasuredModel } from '../../src/engine/measure/faithfulness';
import { MaskedAnswers } from '../../src/engine/measure/masked-answers';
import { salienceFaithfulness } from '../../src/engine/measure/saco';
import { spearman } from '../../src/engine/measure/spearman';
import type { PatchMask } from '../../src/engine/masking/patch-mask';
import type { VitStructure } from '../../src/engine/vit/structure';
import { defaultMeasuring } from '../../src/shared/faithfulness';

interface Reference {
  readonly salience: readonly number[];
  readonly other: readonly number[];
  readonly weights: readonly number[];
  readonly pairs: readonly (readonly number[])[];
  readonly abc: number;
  readonly deletion: number;
  readonly insertion: number;
  readonly saco: number;
  readonly spearman: number;
}

const file = path.resolve(import.meta.dirname, '../fixtures/faithfulness-reference.json');
const reference = JSON.parse(await readFile(file, 'utf8')) as Reference;
const { salience, weights, pairs } = reference;
const grid = [5, 6] as const;

/** The logits of a class and of none. */
function answer(mask: PatchMask): Float32Array {
  const here = Array.from(mask, (away) => 1 - away);
  const logit = here.reduce(
    (sum, present, i) =>
      sum +
      present * 3 * (weights[i] ?? 0) +
      here.reduce((inner, other, j) => inner + present * other * (pairs[i]?.[j] ?? 0), 0),
    0,
  );
  return Float32Array.of(logit, 0);
}

it('are those of NumPy', async () => {
  const model: MeasuredModel = {
    structure: { grid, readout: { kind: 'token', row: 0 } } as unknown as VitStructure,
    output: { kind: 'softmax', assumed: [] },
    classifyWithout: (_, __, masks) => Promise.resolve(masks.map(answer)),
  };
  const whole = { logits: answer(new Uint8Array(30)), pixels: new Float32Array() };
  const [measured] = await measureFaithfulness(
    model,
    new MaskedAnswers(whole, 'mean'),
    { index: 0 },
    [{ values: Float32Array.from(salience), shape: grid }],
    { ...defaultMeasuring, steps: 10 },
  );
  for (const name of ['abc', 'deletion', 'insertion', 'saco'] as const)
    expect(measured?.figures[name], name).toBeCloseTo(reference[name], 6);
});

it('Spearman’s correlation is NumPy’s, with equal values too', () => {
  const found = spearman(Float32Array.from(salience), Float32Array.from(reference.other));
  expect(found).toBeCloseTo(reference.spearman, 6);
});

it('gives no map a salience-guided figure where no patch matters more than another', () => {
  const saliences = [3, 2, 1];
  expect(salienceFaithfulness(saliences, [0.4, 0.4 + 1e-8, 0.4])).toBe(0);
  expect(salienceFaithfulness(saliences, [0.3, 0.2, 0.1])).toBe(1);
  expect(salienceFaithfulness(saliences, [0.1, 0.2, 0.3])).toBe(-1);
});
