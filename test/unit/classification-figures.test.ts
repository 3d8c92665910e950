/** Precision, recall and calibration beside scikit-learn's of the same answers (`classification-figures.py`). */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { CalibrationBins } from '../../src/dataset/calibration';
import { classFigures } from '../../src/shared/class-figures';

const reference = v.parse(
  v.object({
    samples: v.array(v.strictTuple([v.number(), v.number(), v.number()])),
    classes: v.array(
      v.object({
        index: v.number(),
        samples: v.number(),
        precision: v.nullable(v.number()),
        recall: v.number(),
      }),
    ),
    bins: v.array(v.object({ samples: v.number(), confidence: v.number(), accuracy: v.number() })),
    error: v.number(),
  }),
  JSON.parse(
    readFileSync(
      path.resolve(import.meta.dirname, '../fixtures/classification-figures.json'),
      'utf8',
    ),
  ),
);

function confusionOf(samples: typeof reference.samples) {
  const cells = new Map<string, { truth: number; answer: number; count: number }>();
  for (const [truth, answer] of samples) {
    const key = `${truth},${answer}`;
    const { count } = cells.get(key) ?? { count: 0 };
    cells.set(key, { truth, answer, count: count + 1 });
  }
  return [...cells.values()];
}

describe('precision and recall', () => {
  const figures = classFigures(confusionOf(reference.samples));

  it.each(reference.classes)('of class $index', ({ index, samples, precision, recall }) => {
    const of = figures.find((one) => one.index === index);
    expect(of).toMatchObject({ samples });
    expect(of?.recall).toBeCloseTo(recall, 12);
    if (precision === null) expect(of?.precision).toBeUndefined();
    else expect(of?.precision).toBeCloseTo(precision, 12);
  });

  it('are told of labelled classes alone, the least recalled first', () => {
    expect(figures).toHaveLength(reference.classes.length);
    const recalls = figures.map(({ recall }) => recall);
    expect(recalls).toEqual([...recalls].sort((a, b) => a - b));
    expect(classFigures([])).toEqual([]);
  });
});

describe('calibration', () => {
  const bins = new CalibrationBins();
  for (const [truth, answer, probability] of reference.samples)
    bins.add(probability, truth === answer);

  it('has the reliability curve and the expected error', () => {
    const { calibration } = bins;
    expect(calibration?.error).toBeCloseTo(reference.error, 12);
    expect(calibration?.bins.map(({ samples }) => samples)).toEqual(
      reference.bins.map(({ samples }) => samples),
    );
    reference.bins.forEach(({ confidence, accuracy }, at) => {
      expect(calibration?.bins[at]?.confidence).toBeCloseTo(confidence, 12);
      expect(calibration?.bins[at]?.accuracy).toBeCloseTo(accuracy, 12);
    });
  });

  it('is none without answers', () => {
    expect(new CalibrationBins().calibration).toBeUndefined();
  });
});
