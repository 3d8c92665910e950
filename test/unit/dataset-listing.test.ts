/** Datasets that are worked on while they are still being listed. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { filesBelow } from '../../src/dataset/files-below';
import { Listing, wholeList, type Listed, type ListingSource } from '../../src/dataset/listing';
import { listSources } from '../../src/dataset/list-sources';
import { byCodeUnits, type Skipped } from '../../src/dataset/sample';
import { Failure } from '../../src/shared/failure';

let root = '';
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'vit-listing-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const at = (name: string) => path.join(root, name);

function put(...names: readonly string[]): void {
  for (const name of names) {
    mkdirSync(path.dirname(at(name)), { recursive: true });
    writeFileSync(at(name), name);
  }
}

function manifest(rows: number, lineOf: (row: number) => string): string {
  const lines = Array.from({ length: rows }, (_, row) => lineOf(row));
  writeFileSync(at('list.csv'), ['path,label', ...lines, ''].join('\n'));
  return at('list.csv');
}

async function firstOf<Item>(items: AsyncIterable<Item>): Promise<Item | undefined> {
  for await (const item of items) return item;
  return undefined;
}

describe('a long manifest', () => {
  const rows = 300_000;
  const pathOf = (row: number) => `images/picture-${String(row).padStart(7, '0')}.jpg`;

  it('gives its first samples before its last line is read', async () => {
    put(pathOf(0));
    const list = await listSources([manifest(rows, (row) => `${pathOf(row)},cat`)]);
    expect(await firstOf(list)).toEqual({
      path: at(pathOf(0)),
      name: pathOf(0),
      label: 'cat',
      split: undefined,
    });
    expect(list.isWhole).toBe(false);
    expect(list.size).toBeLessThan(rows / 2);
    await list.whole();
    expect(list.isWhole).toBe(true);
    expect(list.size).toBe(rows);
  });

  it('gives all of them in the order of its rows, each once, with the labels of all', async () => {
    put(pathOf(0));
    const count = 30_000;
    const list = await listSources([
      manifest(count, (row) => `${pathOf(row < 20_000 ? row : row - 5)},${row % 7}`),
    ]);
    const names: string[] = [];
    for await (const { name } of list) names.push(name);
    expect(names).toEqual(Array.from({ length: count - 5 }, (_, row) => pathOf(row)));
    expect(list.labels).toEqual(['0', '1', '2', '3', '4', '5', '6']);
    const { skipped } = await list.whole();
    expect(skipped.map(({ name }) => name)).toEqual(
      Array.from({ length: 5 }, (_, row) => pathOf(19_995 + row)),
    );
    expect(skipped[0]?.reason).toBe('Named more than once; the first row counts.');
  });

  it('takes about as much memory as its names', async () => {
    put(pathOf(0));
    const file = manifest(rows, (row) => `${pathOf(row)},class_${row % 1000}`);
    const before = process.memoryUsage.rss();
    const list = await listSources([file]);
    await list.whole();
    expect((process.memoryUsage.rss() - before) / 2 ** 20).toBeLessThan(150);
  });

  it('says which line is wrong when it comes there, and what was before it stays of use', async () => {
    put(pathOf(0));
    const wrong = 40_000;
    const list = await listSources([
      manifest(wrong + 10, (row) => `${pathOf(row)},cat${row === wrong ? ',what is this' : ''}`),
    ]);
    let count = 0;
    const all = async () => {
      for await (const sample of list) count += sample.name === '' ? 0 : 1;
    };
    await expect(all()).rejects.toThrow(
      `list.csv could not be read as a manifest: Invalid Record Length: expect 2, got 3 on line ${wrong + 2}`,
    );
    expect(count).toBeGreaterThanOrEqual(10_000);
    await expect(list.whole()).rejects.toThrow('could not be read as a manifest');
  });

  it('is refused where none of its first ten thousand rows names a picture that exists', async () => {
    const listed = listSources([manifest(12_000, (row) => `${pathOf(row)},cat`)]);
    await expect(listed).rejects.toThrow(
      'list.csv names no picture that exists (10000 rows looked at).',
    );
  });

  it('is read no further when nobody asks any more', async () => {
    put(pathOf(0));
    const list = await listSources([manifest(rows, (row) => `${pathOf(row)},cat`)]);
    list.close();
    const { size } = list;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(list.size).toBe(size);
  });
});

describe('a listing', () => {
  const sourceOf = (samples: ListingSource['samples']): ListingSource => ({
    ...{ root, folders: true, samples, skipped: () => [], notices: () => [] },
    empty: () => new Failure('dataset-unusable', 'It is empty.', 'Fill it.'),
  });
  const some = (from: number, count: number): readonly Listed[] =>
    Array.from({ length: count }, (_, place) => ({
      ...{ name: `${from + place}.jpg`, label: undefined, split: undefined },
    }));

  it('hands on what it knows while it waits for more', async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    async function* slow(): AsyncGenerator<readonly Listed[]> {
      yield some(0, 10_000);
      await gate;
      yield some(10_000, 5);
    }
    const list = await Listing.open(sourceOf(slow));
    const names: string[] = [];
    for await (const { name } of list) {
      names.push(name);
      if (names.length === 10_000) {
        expect(list.isWhole).toBe(false);
        release();
      }
    }
    expect(names).toHaveLength(10_005);
    expect(list.isWhole).toBe(true);
  });

  it('knows its samples by name and by file', async () => {
    const list = await Listing.open(sourceOf(() => [some(0, 3)]));
    expect(list.find('1.jpg')?.path).toBe(at('1.jpg'));
    expect(list.findFile(at('2.jpg'))?.name).toBe('2.jpg');
    expect(list.find('3.jpg')).toBeUndefined();
  });

  it('without a sample is refused', async () => {
    await expect(Listing.open(sourceOf(() => [[], []]))).rejects.toThrow('It is empty.');
  });
});

describe('files below a folder', () => {
  const listed = async (change: (name: string) => void = () => undefined) => {
    const names: string[] = [];
    const skipped: Skipped[] = [];
    for await (const some of filesBelow(root, (one) => skipped.push(one))) {
      names.push(...some);
      for (const name of some) change(name);
    }
    return { names, skipped };
  };

  it('come in the order of their whole names', async () => {
    put('a/1.jpg', 'a-b/1.jpg', 'a.jpg', 'a/b/1.jpg', 'a/b.jpg', 'a/b-c.jpg', 'A/1.jpg', 'é/1.jpg');
    const { names } = await listed();
    expect(names).toEqual([...names].sort(byCodeUnits));
    expect(names).toHaveLength(8);
  });

  it('may go away while they are listed, and that is said', async () => {
    put('a/1.jpg', 'b/2.jpg', 'c/3.jpg');
    const { names, skipped } = await listed((name) => {
      if (name === 'a/1.jpg') rmSync(at('b'), { recursive: true });
    });
    expect(names).toEqual(['a/1.jpg', 'c/3.jpg']);
    expect(skipped).toEqual([{ name: 'b', reason: 'The folder was gone when its turn came.' }]);
  });

  it.skipIf(process.platform === 'win32')('may be a link that leads to itself', async () => {
    put('a.jpg');
    mkdirSync(at('in'));
    symlinkSync('loop.jpg', at('in/loop.jpg'));
    symlinkSync('pong', at('ping'));
    symlinkSync('ping', at('pong'));
    expect(await listed()).toEqual({
      names: ['a.jpg'],
      skipped: ['ping', 'pong', 'in/loop.jpg'].map((name) => ({
        name,
        reason: 'A link that leads to itself.',
      })),
    });
  });

  it('are as many as there are, in one folder', async () => {
    for (let number = 0; number < 3000; number++) writeFileSync(at(`${number}.jpg`), '');
    const { samples } = await wholeList(await listSources([root]));
    expect(samples).toHaveLength(3000);
    expect(samples.map(({ name }) => name)).toEqual(samples.map(({ name }) => name).sort());
  });
});
