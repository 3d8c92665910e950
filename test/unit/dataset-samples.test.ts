import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { listSamples } from '../../src/dataset/list-samples';
import { listSources } from '../../src/dataset/list-sources';
import { wholeList } from '../../src/dataset/listing';
import { classesOf } from '../../src/dataset/sample';

/** A folder with these files, each holding its own name. */
function folderOf(...names: string[]): string {
  const root = mkdtempSync(path.join(tmpdir(), 'dataset-'));
  for (const name of names) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), name);
  }
  return root;
}

describe('listSamples on folders', () => {
  it('reads class folders in any script and keeps deeper folders in the name', async () => {
    const root = folderOf('猫/1.jpg', 'собака/deep/2.PNG', 'собака/notes.txt', '.hidden/3.jpg');
    const list = await listSamples(root);
    expect(list.samples.map(({ name, label }) => [name, label])).toEqual([
      ['собака/deep/2.PNG', 'собака'],
      ['猫/1.jpg', '猫'],
    ]);
    expect(list.skipped).toEqual([
      { name: 'собака/notes.txt', reason: 'Not a picture by its name.' },
    ]);
  });

  it('tells train and val folders from class folders', async () => {
    const list = await listSamples(folderOf('train/cat/1.jpg', 'train/dog/2.jpg', 'val/cat/3.jpg'));
    expect(list.samples.map(({ label, split }) => `${label ?? ''} ${split ?? ''}`)).toEqual([
      'cat train',
      'dog train',
      'cat val',
    ]);
    // A class that happens to be called "train" is a class, as long as no val folder stands beside it.
    const vehicles = await listSamples(folderOf('train/1.jpg', 'plane/2.jpg'));
    expect(classesOf(vehicles.samples)).toEqual(['plane', 'train']);
  });

  it('knows parts in capitals, and one part alone by the class folders in it', async () => {
    const parts = await listSamples(folderOf('Train/cat/1.jpg', 'Test/dog/2.jpg'));
    expect(parts.samples.map(({ label, split }) => [label, split])).toEqual([
      ['dog', 'val'],
      ['cat', 'train'],
    ]);
    const alone = await listSamples(folderOf('test/cat/1.jpg', 'test/dog/2.jpg'));
    expect(classesOf(alone.samples)).toEqual(['cat', 'dog']);
    const shallow = await listSamples(folderOf('test/cat/1.jpg', 'test/2.jpg'));
    expect(classesOf(shallow.samples)).toEqual(['test']);
  });

  it('says that a list beside the pictures is not read', async () => {
    const { notices } = await listSamples(folderOf('1.jpg', 'metadata.jsonl', 'report.csv'));
    expect(notices).toEqual([
      'metadata.jsonl is not looked into: choose it instead of the folder to take the labels from it.',
    ]);
  });

  it('reads pictures without labels, and says when there is none', async () => {
    const list = await listSamples(folderOf('1.jpg', '2.webp'));
    expect(list.samples.every(({ label }) => label === undefined)).toBe(true);
    await expect(listSamples(folderOf('a.txt'))).rejects.toThrow(/no picture/);
    await expect(listSamples('/no/such/folder')).rejects.toThrow(/no folder, manifest or archive/);
  });
});

describe.skipIf(process.platform === 'win32')('listSamples on folders with more than files', () => {
  const namesIn = async (root: string) => {
    const { samples, skipped } = await listSamples(root);
    return { names: samples.map(({ name }) => name), skipped: skipped.map(({ name }) => name) };
  };

  it('follows links to folders, each target once, so that circles end', async () => {
    const pool = folderOf('dogs/1.jpg', 'dogs/more/2.jpg');
    const root = folderOf('cat/3.jpg');
    symlinkSync(path.join(pool, 'dogs'), path.join(root, 'dog'));
    symlinkSync(path.join(pool, 'dogs'), path.join(root, 'hound'));
    symlinkSync('..', path.join(root, 'cat', 'above'));
    symlinkSync('/', path.join(root, 'cat', 'everything'));
    symlinkSync(path.join(pool, 'gone.jpg'), path.join(root, 'cat', 'gone.jpg'));
    symlinkSync(root, path.join(pool, 'dogs', 'more', 'round'));
    expect(await namesIn(root)).toEqual({
      names: ['cat/3.jpg', 'cat/gone.jpg', 'dog/1.jpg', 'dog/more/2.jpg'],
      skipped: ['cat/above', 'cat/everything', 'dog/more/round', 'hound'],
    });
  });

  it('leaves out a pipe, which nobody may ever write to', async () => {
    const root = folderOf('1.jpg');
    execFileSync('mkfifo', [path.join(root, '2.jpg')]);
    expect(await namesIn(root)).toEqual({ names: ['1.jpg'], skipped: [] });
  });

  // Nothing is locked to root.
  it.skipIf(process.getuid?.() === 0)(
    'tells a folder that it may not read, and goes on',
    async () => {
      const root = folderOf('1.jpg', 'locked/2.jpg');
      chmodSync(path.join(root, 'locked'), 0);
      expect(await namesIn(root)).toEqual({ names: ['1.jpg'], skipped: ['locked'] });
      chmodSync(path.join(root, 'locked'), 0o700);
    },
  );
});

describe('listSamples on manifests', () => {
  it('reads CSV with a header, quotes, semicolons and missing files', async () => {
    const root = folderOf('a b.jpg', 'c.jpg');
    const csv = path.join(root, 'list.csv');
    writeFileSync(
      csv,
      '\uFEFFimage_path;label\n"a b.jpg";"tabby, cat"\nc.jpg;\ngone.jpg;dog\nc.jpg;dog\n',
    );
    const list = await listSamples(csv);
    expect(list.samples.map(({ name, label }) => [name, label])).toEqual([
      ['a b.jpg', 'tabby, cat'],
      ['c.jpg', undefined],
      // It is told when its turn comes.
      ['gone.jpg', 'dog'],
    ]);
    expect(list.skipped).toEqual([
      { name: 'c.jpg', reason: 'Named more than once; the first row counts.' },
    ]);
  });

  it('reads JSONL, finds an unnamed path column by its values, takes splits', async () => {
    const root = folderOf('x/1.jpg');
    const jsonl = path.join(root, 'list.jsonl');
    writeFileSync(jsonl, '{"where":"x\\\\1.jpg","target":3,"split":"val"}\n\n');
    const { samples } = await listSamples(jsonl);
    expect(samples).toEqual([
      { path: path.join(root, 'x/1.jpg'), name: 'x/1.jpg', label: '3', split: 'val' },
    ]);
  });

  it('says what is wrong with a manifest that is none', async () => {
    const root = folderOf('1.jpg');
    const broken = path.join(root, 'broken.jsonl');
    writeFileSync(broken, '{"path": \n');
    await expect(listSamples(broken)).rejects.toThrow(/could not be read as a manifest/);
    const pathless = path.join(root, 'pathless.csv');
    writeFileSync(pathless, 'a,b\n1,2\n');
    await expect(listSamples(pathless)).rejects.toThrow(/no column with picture paths/);
  });
});

describe('listSources on several things', () => {
  const listed = async (root: string, ...names: string[]) => {
    const list = await wholeList(await listSources(names.map((name) => path.join(root, name))));
    const samples = list.samples.map(({ name, label }) => `${name} ${label ?? '–'}`);
    return { ...list, samples, below: path.relative(root, list.root) };
  };

  it('takes class folders as the folder above them would be taken', async () => {
    const root = folderOf('cat/1.jpg', 'cat/more/2.jpg', 'dog/1.jpg', 'bird/1.jpg');
    const { samples, below } = await listed(root, 'dog', 'cat');
    expect(samples).toEqual(['cat/1.jpg cat', 'cat/more/2.jpg cat', 'dog/1.jpg dog']);
    expect(below).toBe('');
  });

  it('finds the classes inside folders of class folders, however far they lie apart', async () => {
    const root = folderOf('a/deep/one/cat/1.jpg', 'a/two/dog/1.jpg', 'a/two/cat/2.jpg');
    const { samples, below } = await listed(root, 'a/deep/one', 'a/two');
    expect(samples).toEqual(['deep/one/cat/1.jpg cat', 'two/cat/2.jpg cat', 'two/dog/1.jpg dog']);
    expect(below).toBe('a');
  });

  it('labels single pictures only where they lie in several folders', async () => {
    const root = folderOf('cat/1.jpg', 'cat/2.jpg', 'dog/1.jpg', 'top.jpg');
    expect((await listed(root, 'cat/2.jpg', 'cat/1.jpg')).samples).toEqual(['1.jpg –', '2.jpg –']);
    expect((await listed(root, 'cat/1.jpg', 'dog/1.jpg', 'top.jpg')).samples).toEqual([
      'cat/1.jpg cat',
      'dog/1.jpg dog',
      'top.jpg –',
    ]);
    expect((await listed(root, 'top.jpg')).samples).toEqual(['top.jpg –']);
  });

  it('mixes folders, manifests and pictures; what is chosen twice counts once', async () => {
    const root = folderOf('cat/1.jpg', 'other/x.jpg', 'other/y.jpg', 'top.jpg', 'cat/note.txt');
    writeFileSync(path.join(root, 'list.csv'), 'path,label\nother/x.jpg,dog\ngone.jpg,dog\n');
    const all = await listed(root, 'cat', 'cat/1.jpg', 'list.csv', 'other/x.jpg', 'top.jpg');
    expect(all.samples).toEqual(['cat/1.jpg cat', 'gone.jpg dog', 'other/x.jpg dog', 'top.jpg –']);
    expect(all.skipped).toEqual([{ name: 'cat/note.txt', reason: 'Not a picture by its name.' }]);
  });

  it('takes a label from wherever one is, from a manifest before a folder', async () => {
    const root = folderOf('cat/1.jpg', 'cat/2.jpg');
    writeFileSync(path.join(root, 'a.csv'), 'path\ncat/1.jpg\n');
    writeFileSync(path.join(root, 'z.csv'), 'path,label\ncat/2.jpg,lynx\n');
    expect((await listed(root, 'a.csv', 'cat')).samples).toEqual([
      'cat/1.jpg cat',
      'cat/2.jpg cat',
    ]);
    expect((await listed(root, 'z.csv', 'cat/2.jpg', 'cat/1.jpg')).samples).toEqual([
      'cat/1.jpg –',
      'cat/2.jpg lynx',
    ]);
    expect((await listed(root, 'cat', 'z.csv')).samples).toEqual([
      'cat/1.jpg cat',
      'cat/2.jpg lynx',
    ]);
  });

  it('leaves out what holds no picture and says so; with nothing left it fails', async () => {
    const root = folderOf('cat/1.jpg', 'empty/notes.txt', 'notes.txt');
    const { samples, skipped } = await listed(root, 'cat', 'empty', 'notes.txt');
    expect(samples).toEqual(['cat/1.jpg cat']);
    expect(skipped.map(({ name }) => name)).toEqual(['empty', 'notes.txt']);
    expect(skipped[0]?.reason).toMatch(/no picture in .*empty/);
    expect(skipped[1]?.reason).toMatch(/notes\.txt is no picture, no folder/);
    await expect(listed(root, 'empty', 'notes.txt')).rejects.toThrow(/no picture in what was/);
    await expect(listed(root, 'gone')).rejects.toThrow(/no folder, manifest or archive at/);
    await expect(listed(root, 'gone.jpg')).rejects.toThrow(/no picture at .*gone\.jpg/);
    const some = await listed(root, 'gone.jpg', 'cat');
    expect(some.samples).toEqual(['cat/1.jpg cat']);
    expect(some.skipped).toEqual([
      { name: 'gone.jpg', reason: 'There is no picture at gone.jpg.' },
    ]);
  });

  it('takes one folder or manifest as listSamples does, whatever its ending, also named twice', async () => {
    const root = folderOf('shots.png/train/cat/1.jpg', 'shots.png/val/dog/2.jpg', 'a.jpg');
    writeFileSync(path.join(root, 'list.txt'), 'path,label,split\na.jpg,cat,val\n');
    for (const name of ['shots.png', 'list.txt']) {
      const source = path.join(root, name);
      const alone = await listSamples(source);
      expect(alone.samples.every(({ split }) => split !== undefined)).toBe(true);
      expect(await wholeList(await listSources([source]))).toEqual(alone);
      expect(await wholeList(await listSources([source, path.join(source, '.')]))).toEqual(alone);
    }
  });

  it('says the same wherever the folder lies and in whatever order, of each file once', async () => {
    const files = ['pets/cat/1.jpg', 'pets/cat/note.txt', 'empty/note.txt', 'dog/1.jpg'];
    const [first, second] = [folderOf(...files), folderOf(...files)];
    const one = await listed(first, 'pets', 'pets/cat', 'empty', 'gone.jpg', 'dog');
    const other = await listed(second, 'dog', 'gone.jpg', 'empty', 'pets/cat', 'pets', 'dog');
    expect(one.samples).toEqual(['dog/1.jpg dog', 'pets/cat/1.jpg cat']);
    expect(one.skipped).toEqual([
      { name: 'empty', reason: 'There is no picture in empty; 1 .txt is not read as a picture.' },
      { name: 'gone.jpg', reason: 'There is no picture at gone.jpg.' },
      { name: 'pets/cat/note.txt', reason: 'Not a picture by its name.' },
    ]);
    expect(other.samples).toEqual(one.samples);
    expect(other.skipped).toEqual(one.skipped);
  });
});
