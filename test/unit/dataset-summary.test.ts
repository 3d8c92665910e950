import { describe, expect, it } from 'vitest';
import { tallied } from '../tallied';
import { mapShares } from '../../src/dataset/map-shares';
import { packMap, unpackMap } from '../../src/dataset/pack-map';
import type { SampleResult } from '../../src/shared/sample-result';

function explained(
  name: string,
  truth: number | undefined,
  answers: [number, number][],
  map: number[],
) {
  const values = Float32Array.from(map);
  const rank = answers.findIndex(([index]) => index === truth);
  return {
    ok: true,
    name,
    sha256: '',
    label: undefined,
    truth,
    top: answers.map(([index, probability]) => ({ index, probability })),
    truthRank: truth === undefined ? undefined : rank,
    loss: truth === undefined ? undefined : -Math.log(answers[rank]?.[1] ?? 1),
    map: packMap(values, 2, 2),
    shares: mapShares(values, 2, 2, undefined),
  } satisfies SampleResult;
}

const lines: SampleResult[] = [
  explained(
    'a',
    0,
    [
      [0, 0.8],
      [1, 0.2],
    ],
    [1, 3, 0, 0],
  ),
  explained(
    'b',
    0,
    [
      [1, 0.9],
      [0, 0.1],
    ],
    [0, 0, 0, 5],
  ),
  explained(
    'c',
    1,
    [
      [1, 0.7],
      [0, 0.3],
    ],
    [0, 0, 2, 2],
  ),
  explained(
    'd',
    undefined,
    [
      [1, 0.6],
      [0, 0.4],
    ],
    [-1, 0, 1, 0],
  ),
  { ok: false, name: 'e', code: 'image-unreadable', message: 'Broken.' },
];

describe('mapShares', () => {
  it('measures border, corners and what lies outside an object, ignoring negative relevance', () => {
    const values = Float32Array.from({ length: 16 }, (_, i) =>
      i === 5 ? 2 : i === 0 ? 1 : i === 15 ? 1 : -4,
    );
    const coverage = Float32Array.from({ length: 16 }, (_, i) => (i === 5 ? 0.5 : i === 0 ? 1 : 0));
    expect(mapShares(values, 4, 4, coverage)).toEqual({
      border: 0.5,
      corners: [0.25, 0, 0, 0.25],
      outside: 0.5,
    });
  });

  it('gives zeros, not NaN, for an empty map', () => {
    expect(mapShares(new Float32Array(4), 2, 2, undefined).border).toBe(0);
  });
});

describe('packMap', () => {
  it('brings every float back exactly', () => {
    const values = Float32Array.from([1e-30, -0.1, 3.4e38, 0]);
    expect(unpackMap(packMap(values, 2, 2))).toEqual(values);
  });
});

describe('summarise', () => {
  it('counts accuracy, confusion, mistakes and what was broken', () => {
    const summary = tallied(lines).summary;
    expect(summary).toMatchObject({
      samples: 5,
      labelled: 3,
      broken: [{ name: 'e', message: 'Broken.' }],
    });
    expect(summary.top1).toBeCloseTo(2 / 3);
    expect(summary.top5).toBe(1);
    expect(summary.loss).toBeCloseTo(-(Math.log(0.8) + Math.log(0.1) + Math.log(0.7)) / 3);
    expect(summary.confusion.map(({ truth, answer, count }) => [truth, answer, count])).toEqual([
      [0, 0, 1],
      [0, 1, 1],
      [1, 1, 1],
    ]);
    expect(summary.mistakes).toEqual([{ name: 'b', truth: 0, answer: 1, probability: 0.9 }]);
  });

  it('averages maps so that every sample counts the same', () => {
    const one = tallied(lines).summary.meanMaps.find(({ index }) => index === 1);
    expect(one?.meanMap.samples).toBe(3);
    expect(one?.meanMap.values).toEqual([0, 0, (0.5 + 1) / 3, (1 + 0.5) / 3]);
  });

  it('is the same to the last bit whatever the order of the lines', () => {
    expect(tallied([...lines].reverse()).summary).toEqual(tallied(lines).summary);
  });
});
