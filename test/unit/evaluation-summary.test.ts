/** The table of methods from records of pictures, their file, and their parts joined again. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evenSample } from '../../src/dataset/even-sample';
import {
  evaluationText,
  isEvaluation,
  readEvaluation,
} from '../../src/dataset/evaluation/evaluation-file';
import { mergeEvaluations } from '../../src/dataset/evaluation/merge-evaluations';
import { summariseEvaluation } from '../../src/dataset/evaluation/summarise-evaluation';
import type {
  EvaluatedPicture,
  EvaluationHeader,
  PictureRecord,
} from '../../src/shared/evaluation';
import { evaluatedPicture, evaluationHeader, measuredMap } from '../fixtures/evaluation/records';

const pictures: readonly EvaluatedPicture[] = [
  evaluatedPicture('a', { sharp: measuredMap(0.6), dull: measuredMap(0.2) }),
  evaluatedPicture('b', { sharp: measuredMap(0.4), dull: measuredMap(0.3) }),
  evaluatedPicture('c', { sharp: measuredMap(0.5), dull: measuredMap(0.1, [0, 0, 0, 0]) }),
];

describe('the table of methods', () => {
  const broken: PictureRecord = {
    ok: false,
    name: '0',
    code: 'image-unreadable',
    message: 'It is no picture.',
  };
  const summary = summariseEvaluation([...pictures, broken].reverse(), 'dull');
  const row = (id: string) => summary.rows.find((one) => one.id === id);

  it('has the best method first, and the controls among the others', () => {
    expect(summary.rows.map(({ id }) => id)).toEqual(['sharp', 'dull', 'centre', 'random']);
    expect(summary.pictures).toBe(3);
    expect(summary.broken.map(({ name }) => name)).toEqual(['0']);
  });

  it('has means, and differences picture by picture', () => {
    expect(row('sharp')?.means.abc?.mean).toBeCloseTo(0.5, 12);
    expect(row('sharp')?.means.abc?.standardError).toBeCloseTo(0.1 / Math.sqrt(3), 12);
    expect(row('sharp')?.differences.abc?.mean).toBeCloseTo(0.3, 12);
    expect(row('sharp')?.differences.abc?.interval).toBeUndefined();
    expect(row('dull')?.differences).toEqual({});
    expect(row('centre')?.differences.abc?.mean).toBeCloseTo(-0.1, 12);
  });

  it('counts maps that are zero everywhere, and means the curves', () => {
    expect(row('sharp')?.zeroMaps).toBe(0);
    expect(row('dull')?.zeroMaps).toBeCloseTo(1 / 3, 12);
    expect(row('random')?.zeroMaps).toBeUndefined();
    expect(row('sharp')?.curves?.leastFirst.probability[1]).toBeCloseTo(0.5, 12);
  });

  it('names the best and the worst pictures of a method, none of them as both', () => {
    expect(row('sharp')?.best).toEqual(['a', 'c']);
    expect(row('sharp')?.worst).toEqual(['b']);
    const [alone] = summariseEvaluation(pictures.slice(0, 1), 'dull').rows;
    expect([alone?.best, alone?.worst]).toEqual([['a'], []]);
    const many = Array.from({ length: 9 }, (_, at) =>
      evaluatedPicture(String(at), { sharp: measuredMap(0.9 - at / 10) }),
    );
    const [listed] = summariseEvaluation(many, 'sharp').rows;
    expect([listed?.best, listed?.worst]).toEqual([
      ['0', '1', '2'],
      ['8', '7', '6'],
    ]);
  });

  it('says which method to use, and how far it leads', () => {
    const more = [0, 1].flatMap((copy) =>
      pictures.map((picture) => ({ ...picture, name: `${picture.name}${copy}` })),
    );
    const { advice } = summariseEvaluation(more, 'dull');
    expect(advice.method).toBe('sharp');
    expect(advice.sentence).toMatch(
      /^Use sharp for this model: ABC 0\.500 ± 0\.037, ahead of dull by 0\.300 \[0\.\d+, 0\.\d+\]\. That rests on 6 pictures only/,
    );
  });

  it('advises none on a handful of pictures', () => {
    expect(summary.advice.method).toBeUndefined();
    expect(summary.advice.sentence).toMatch(
      /^No method surely .* 3 pictures only: measure more\.$/,
    );
  });

  it('advises none where an order that looks at no model does as well', () => {
    const blind = pictures.map((picture) => ({
      ...picture,
      controls: { ...picture.controls, centre: { ...picture.controls.centre, abc: 0.9 } },
    }));
    const { advice } = summariseEvaluation(blind, 'dull');
    expect(advice.method).toBeUndefined();
    expect(advice.sentence).toContain('(centre)');
  });

  it('advises none where the lead over such an order may be chance', () => {
    const unsure = [0.6, 0.15, 0.05, 0.08, 0.12].map((abc, at) =>
      evaluatedPicture(String(at), { sharp: measuredMap(abc) }),
    );
    const { advice, rows } = summariseEvaluation(unsure, 'sharp');
    expect(rows[0]?.id).toBe('sharp');
    expect(advice.method).toBeUndefined();
    expect(advice.sentence).toMatch(/\(centre\).*\+0\.100 \[−0\.\d+, 0\.\d+\] against it/);
  });

  it('says where pictures do not tell two methods apart', () => {
    const alike = [0.1, -0.1, 0.2, -0.1, 0.025].map((lead, at) =>
      evaluatedPicture(String(at), { a: measuredMap(0.5 + lead), b: measuredMap(0.5) }),
    );
    const { method, sentence } = summariseEvaluation(alike, 'b').advice;
    expect(method).toBe('a');
    expect(sentence).toMatch(/do not tell it from b \(\+0\.025 \[−/);
  });

  it('pairs only pictures that have both maps', () => {
    const [first] = pictures;
    if (!first) throw new Error('no picture');
    const maps = { sharp: first.maps.sharp ?? never() };
    const fewer = [{ ...first, maps, failures: { dull: 'Not finite.' } }, ...pictures.slice(1)];
    const found = summariseEvaluation(fewer, 'dull');
    const sharp = found.rows.find(({ id }) => id === 'sharp');
    expect(sharp?.means.abc?.pictures).toBe(3);
    expect(sharp?.differences.abc?.pictures).toBe(2);
    expect(sharp?.differences.abc?.mean).toBeCloseTo(0.25, 12);
    expect(found.failures).toEqual({ dull: 1 });
  });
});

describe('the file of an evaluation', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'vit-evaluation-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function written(
    name: string,
    records: readonly PictureRecord[],
    header = evaluationHeader,
  ) {
    const file = path.join(folder, name);
    await writeFile(file, evaluationText(header, records));
    return { file, ...(await readEvaluation(file)) };
  }

  it('is the same whatever the order, and read back as it was', async () => {
    const text = evaluationText(evaluationHeader, [...pictures].reverse());
    expect(text).toBe(evaluationText(evaluationHeader, pictures));
    const { header, records, file } = await written('a.jsonl', pictures);
    expect(header).toEqual(evaluationHeader);
    expect([...records.values()]).toEqual(pictures);
    expect(await isEvaluation(file)).toBe(true);
  });

  it('takes the last line of a picture, and leaves a line without its end out', async () => {
    const [first] = pictures;
    if (!first) throw new Error('no picture');
    const file = path.join(folder, 'torn.jsonl');
    const before = { ...first, maps: {} };
    const lines = [evaluationHeader, before, ...pictures].map((one) => `${JSON.stringify(one)}\n`);
    await writeFile(file, lines.join('').slice(0, -2));
    const { records, end } = await readEvaluation(file);
    expect([...records.keys()]).toEqual(['a', 'b']);
    expect(records.get('a')).toEqual(first);
    expect(end).toBe(Buffer.byteLength(lines.slice(0, -1).join('')));
  });

  it('joins pictures, and methods of the same pictures', async () => {
    const only = (picture: EvaluatedPicture, method: string) => ({
      ...picture,
      maps: Object.fromEntries(Object.entries(picture.maps).filter(([id]) => id === method)),
    });
    const parts = [
      await written('1.jsonl', pictures.slice(0, 2)),
      await written('2.jsonl', [only(pictures[2] ?? never(), 'sharp')]),
      await written('3.jsonl', [only(pictures[2] ?? never(), 'dull')]),
    ];
    const joined = mergeEvaluations(parts);
    expect(evaluationText(joined.header, joined.records)).toBe(
      evaluationText(evaluationHeader, pictures),
    );
    expect(() => mergeEvaluations(parts.slice(0, 2))).toThrow(
      'dull was measured on other pictures, but not on c',
    );
  });

  it('joins nothing that differs or contradicts itself', async () => {
    const other: EvaluationHeader = {
      ...evaluationHeader,
      measuring: { ...evaluationHeader.measuring, steps: 8 },
    };
    const parts = [await written('4.jsonl', pictures), await written('5.jsonl', pictures, other)];
    expect(() => mergeEvaluations(parts)).toThrow('how it is measured differs');
    const changed = await written('6.jsonl', [
      evaluatedPicture('a', { sharp: measuredMap(0.7), dull: measuredMap(0.2) }),
    ]);
    expect(() => mergeEvaluations([...parts.slice(0, 1), changed])).toThrow(
      /6\.jsonl says something else of a than/,
    );
  });
});

describe('a sample of a dataset', () => {
  const samples = [...Array(40).keys()].map((index) => ({
    name: `${index}`,
    label: index < 30 ? 'many' : index < 38 ? 'some' : 'few',
  }));

  it('is even over the labels, in order, and the same each time', () => {
    const drawn = evenSample(samples, 12);
    const count = (label: string) => drawn.filter((one) => one.label === label).length;
    expect([count('many'), count('some'), count('few')]).toEqual([5, 5, 2]);
    expect(drawn).toEqual(evenSample(samples, 12));
    expect(drawn).toEqual(samples.filter((one) => drawn.includes(one)));
    expect(new Set(drawn.map(({ name }) => name)).size).toBe(12);
  });

  it('is the whole where there are no more', () => {
    expect(evenSample(samples, 40)).toEqual(samples);
    expect(evenSample(samples, 400)).toEqual(samples);
  });
});

function never(): never {
  throw new Error('no such picture');
}
