/** What a manifest says of reading pictures reaches the preprocessing, and datasets count remarks. */
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tallied } from '../tallied';
import { countByEnding, otherFilesSentence } from '../../src/shared/other-files';
import {
  noticesAndRemarks,
  remarkInPanel,
  remarkKinds,
  remarkOfMany,
  remarkSentence,
  type RemarkKind,
} from '../../src/shared/picture-remark';
import type { SampleResult } from '../../src/shared/sample-result';
import { readManifest, writeManifest } from '../../src/store/manifest';
import { resolveModel } from '../../src/store/resolve-model';

const starter = path.resolve(import.meta.dirname, '../../models/starter/model.onnx');
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-reading-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function manifestOf(pictures: unknown): Promise<string> {
  const model = path.join(folder, 'm.onnx');
  await writeFile(path.join(folder, 'm.vit.json'), JSON.stringify({ format: 1, pictures }));
  return model;
}

describe('the manifest', () => {
  it.each([
    { alpha: 'white' },
    { alpha: [1, 2, 3] },
    { window: { low: 0, high: 4095 } },
    { window: { lowPercent: 2, highPercent: 98 } },
    { alpha: 'drop', window: { centre: 40, width: 400 } },
  ])('may say %j', async (pictures) => {
    expect((await readManifest(await manifestOf(pictures)))?.pictures).toEqual(pictures);
  });

  it.each([
    [{ alpha: 'grey' }, /alpha.*white/],
    [{ alpha: [1, 2, 300] }, /alpha/],
    [{ window: { low: 5, high: 5 } }, /window.*low/],
    [{ window: { lowPercent: -1, highPercent: 98 } }, /window/],
    [{ window: { centre: 40, width: 0 } }, /window/],
    [{ window: { low: 1, high: 2, centre: 3 } }, /window/],
    [{ gamma: 2 }, /gamma/],
  ])('may not say %j', async (pictures, message) => {
    await expect(readManifest(await manifestOf(pictures))).rejects.toMatchObject({
      code: 'model-unreadable',
      message: expect.stringMatching(message) as string,
    });
  });

  it('is part of how pictures are prepared, whatever else says the rest', async () => {
    const model = path.join(folder, 'own.onnx');
    await copyFile(starter, model);
    const before = await resolveModel(model, { starterFolder: folder });
    await writeManifest(model, { pictures: { alpha: 'white' } });
    const after = await resolveModel(model, { starterFolder: folder });
    expect(after.preprocessing).toEqual({ ...before.preprocessing, alpha: 'white' });
    await writeManifest(model, { preprocessing: { ...after.preprocessing, alpha: 'black' } });
    const both = await resolveModel(model, { starterFolder: folder });
    expect(both.preprocessing.alpha).toBe('white');
  });
});

describe('a remark about a picture', () => {
  const [flat, see, frames] = (['window', 'alpha', undefined] as const).map((field) =>
    remarkSentence('x.png', { kind: 'frames', predicate: 'is odd.', ...(field && { field }) }),
  );
  const remarks = [flat, see, frames].filter((remark) => remark !== undefined);

  it('names the manifest on the command line', () => {
    expect(noticesAndRemarks({ notices: ['First.'], remarks })).toEqual([
      'First.',
      '“x.png” is odd. “window” in the model’s manifest says which numbers are black and white.',
      '“x.png” is odd. “alpha” in the model’s manifest lays it over a colour.',
      '“x.png” is odd.',
    ]);
  });

  it('names what the panel has in the panel', () => {
    expect(remarks.map(remarkInPanel)).toEqual([
      '“x.png” is odd. Choose black and white below.',
      '“x.png” is odd.',
      '“x.png” is odd.',
    ]);
  });
});

describe('a dataset', () => {
  const line = (name: string, ...remarks: RemarkKind[]): SampleResult => ({
    ok: true,
    name,
    sha256: '',
    top: [],
    ...(remarks.length > 0 && { remarks }),
    map: { rows: 1, columns: 1, values: 'AACAPw==' },
    shares: { border: 1, corners: [1, 1, 1, 1] },
  });

  it('counts what there is to say of its pictures', () => {
    const lines = [line('a', 'transparency', 'frames'), line('b'), line('c', 'transparency')];
    const { remarks } = tallied(lines).summary;
    expect(remarks).toEqual([
      { kind: 'transparency', count: 2 },
      { kind: 'frames', count: 1 },
    ]);
    expect(remarks.map(({ kind, count }) => remarkOfMany(kind, count))).toEqual([
      '2 pictures have transparency, which is left out: the model sees the colours stored under it, as Python’s loaders do.',
      '1 picture has several frames or pages: the first is used.',
    ]);
    for (const kind of remarkKinds) expect(remarkOfMany(kind, 3)).toMatch(/^3 pictures .+\.$/);
  });

  it('counts what lies among the pictures by its ending', () => {
    const names = ['a/1.HEIC', '2.heic', '3.heic', 'notes.txt', 'a.b/README', '.x/LICENCE'];
    expect(otherFilesSentence(countByEnding(names))).toBe(
      '2 files without an ending, 3 .heic and 1 .txt are not read as pictures.',
    );
    expect(otherFilesSentence(countByEnding(['a.txt']))).toBe('1 .txt is not read as a picture.');
    expect(otherFilesSentence({})).toBeUndefined();
  });
});
