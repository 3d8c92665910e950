/** What a report of a probe is taken for, and what its page may read: a file may come from anyone. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pictureFolders } from '../../src/dataset/probe-report/picture-folders';
import type { ProbeAnswer, ProbeReport } from '../../src/shared/probe';
import { readProbeReport } from '../../src/store/probe-manifest';

function answer(name: string): ProbeAnswer {
  return { name, truth: 0, answer: 1, probability: 0.5, truthRank: 1 };
}

function reportOf(root: string, ...names: readonly string[]): ProbeReport {
  return {
    format: 1,
    probe: 'pets',
    backbone: 'Starter ViT',
    root,
    classes: ['cat', 'dog'],
    pictures: names.length,
    top1: 0,
    top5: 1,
    loss: 0.7,
    perClass: [
      { pictures: names.length, precision: null, recall: 0 },
      { pictures: 0, precision: 0, recall: null },
    ],
    confusion: [
      [0, names.length],
      [0, 0],
    ],
    learningCurve: [],
    answers: names.map(answer),
    mistakes: [],
    skipped: [],
  };
}

const root = path.resolve('/data/pets');

describe('the folders that the page of a report may read', () => {
  it('are those of the pictures that it names', () => {
    const report = reportOf(root, 'cat/1.jpg', 'cat/2.JPG', 'dog/1.png', 'alone.webp');
    const mistakes = [{ ...answer('val/cat/3.jpg'), map: undefined, window: undefined }];
    expect(pictureFolders({ ...report, mistakes })).toEqual([
      path.join(root, 'cat'),
      path.join(root, 'dog'),
      root,
      path.join(root, 'val/cat'),
    ]);
  });

  it.each([
    ['a name that leads out of the root', root, '../secrets/1.jpg'],
    ['one that leads out further on', root, 'cat/../../secrets/1.jpg'],
    ['a whole path', root, '/etc/1.jpg'],
    ['what is no picture', root, 'cat/passwords.txt'],
    ['a whole disk', path.parse(root).root, '1.jpg'],
    ['a root that is no path of this system', 'pets', 'cat/1.jpg'],
    ['no name at all', path.parse(root).root, ''],
  ])('are not for %s', (_, folder, name) => {
    expect(pictureFolders(reportOf(folder, name))).toEqual([]);
  });

  it('are not all of the disk that a report names as its root', () => {
    const { root: disk } = path.parse(root);
    expect(pictureFolders(reportOf(disk, 'data/pets/cat/1.jpg'))).toEqual([path.join(root, 'cat')]);
  });
});

describe('a report on the disk', () => {
  let folder = '';
  beforeAll(async () => (folder = await mkdtemp(path.join(os.tmpdir(), 'vit-probe-report-'))));
  afterAll(() => rm(folder, { recursive: true }));

  async function read(text: string): Promise<ProbeReport> {
    await writeFile(path.join(folder, 'pets.probe-report.json'), text);
    return readProbeReport(path.join(folder, 'pets.probe.safetensors'));
  }

  it('is read as it was written', async () => {
    const report = reportOf(root, 'cat/1.jpg');
    expect(await read(JSON.stringify(report))).toEqual(report);
  });

  it.each([
    ['not JSON', '{', /not valid JSON/],
    ['nothing of a report', '{}', /pets\.probe-report\.json .* “format” is missing/],
    [
      'other answers',
      JSON.stringify({ ...reportOf(root), answers: [{ name: 1 }] }),
      /“answers\.0\.name” is 1 instead of string/,
    ],
    ['another root', JSON.stringify({ ...reportOf(root), root: null }), /“root” is null/],
  ])('is refused in a sentence when it is %s', async (_, text, sentence) => {
    await expect(read(text)).rejects.toMatchObject({
      code: 'model-unreadable',
      message: expect.stringMatching(sentence) as string,
    });
  });

  it('may be missing', async () => {
    await expect(readProbeReport(path.join(folder, 'none'))).rejects.toMatchObject({
      code: 'model-missing',
      message: expect.stringContaining('none.probe-report.json') as string,
    });
  });
});
