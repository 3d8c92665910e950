/** Tar archives of samples, read in place. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listSources } from '../../src/dataset/list-sources';
import { wholeList } from '../../src/dataset/listing';
import { readPicture } from '../../src/dataset/read-picture';
import { memberName } from '../../src/dataset/tar/member-name';
import { archivesOf } from '../../src/dataset/tar/archives-of';
import { firstArchive, placeInTar } from '../../src/shared/tar-path';
import { failureData } from '../../src/shared/failure';
import { archive, member, memberWithLongName, memberWithRecords } from '../fixtures/tar';

let root = '';
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'vit-tars-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const at = (name: string) => path.join(root, name);

function put(name: string, bytes: Uint8Array): string {
  mkdirSync(path.dirname(at(name)), { recursive: true });
  writeFileSync(at(name), bytes);
  return at(name);
}

async function listed(...sources: readonly string[]) {
  const list = await wholeList(await listSources(sources));
  return {
    ...list,
    samples: list.samples.map(({ name, label }) => `${name} ${label ?? '–'}`),
  };
}

async function refusal(...sources: readonly string[]): Promise<string> {
  const { message, nextStep } = failureData(
    await listed(...sources).catch((error: unknown) => error),
  );
  return `${message} ${nextStep}`;
}

const pair = (key: string, label: string) => [
  member(`${key}.jpg`, `picture ${key}`),
  member(`${key}.cls`, label),
];

describe('an archive of samples', () => {
  it('has members with one key as one sample, and its label from cls or json', async () => {
    const file = put(
      'train-0000.tar',
      archive(
        ...pair('000', '7\n'),
        member('001.cls', 'tabby'),
        member('001.jpg', 'b'),
        member('002.jpg', 'c'),
        member('002.json', '{"label": "dog", "width": 3}'),
        member('002.txt', 'A dog that sleeps.'),
        member('003.seg.png', 'mask'),
        member('003.webp', 'd'),
        member('003.json', '{"cls": 5, "caption": "x"}'),
        member('in/deep.er.PNG', 'e'),
        member('004.npy', 'no picture'),
        member('005.jpg', 'f'),
        member('005.json', 'not JSON'),
        member('006.jpg', 'g'),
        member('006.json', '{"label": "cat"}'),
        member('006.cls', '3'),
      ),
    );
    const list = await listed(file);
    expect(list.samples).toEqual([
      'train-0000.tar/000.jpg 7',
      'train-0000.tar/001.jpg tabby',
      'train-0000.tar/002.jpg dog',
      'train-0000.tar/003.webp 5',
      'train-0000.tar/in/deep.er.PNG –',
      'train-0000.tar/005.jpg –',
      'train-0000.tar/006.jpg 3',
    ]);
    expect(list.root).toBe(root);
    expect(list.skipped).toEqual([]);
  });

  it('has long names in records and as GNU tar writes them', async () => {
    const long = `${'folder/'.repeat(20)}ключ`;
    const other = 'a'.repeat(150);
    const file = put(
      'a.tar',
      archive(
        memberWithRecords(`${long}.jpg`, 'one'),
        memberWithRecords(`${long}.cls`, 'cat'),
        memberWithLongName(`${other}.jpg`, 'two'),
        member('z.jpg', 'three'),
      ),
    );
    expect((await listed(file)).samples).toEqual([
      `a.tar/${long}.jpg cat`,
      `a.tar/${other}.jpg –`,
      'a.tar/z.jpg –',
    ]);
    expect((await readPicture(path.join(file, `${long}.jpg`))).toString()).toBe('one');
    expect((await readPicture(path.join(file, `${other}.jpg`))).toString()).toBe('two');
  });

  it('gives each of its pictures again, in whatever order, also when it is another one by now', async () => {
    const file = put('a.tar', archive(...pair('0', 'cat'), ...pair('1', 'dog')));
    expect((await readPicture(path.join(file, '1.jpg'))).toString()).toBe('picture 1');
    expect((await readPicture(path.join(file, '0.jpg'))).toString()).toBe('picture 0');
    await expect(readPicture(path.join(file, '2.jpg'))).rejects.toMatchObject({ code: 'ENOENT' });
    renameSync(put('b.tar', archive(member('1.jpg', 'another'), member('2.jpg', 'new'))), file);
    expect((await readPicture(path.join(file, '1.jpg'))).toString()).toBe('another');
    expect((await readPicture(path.join(file, '2.jpg'))).toString()).toBe('new');
    await expect(readPicture(path.join(file, '0.jpg'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is a folder where it is one', async () => {
    put('odd.tar/a.jpg', Buffer.from('here'));
    expect((await readPicture(at('odd.tar/a.jpg'))).toString()).toBe('here');
    expect((await listed(at('odd.tar'))).samples).toEqual(['a.jpg –']);
  });

  it('never follows links, devices and names that lead out of it', async () => {
    const file = put(
      'a.tar',
      archive(
        member('link.jpg', '', { type: 'SymbolicLink', linkpath: '/etc/passwd' }),
        member('hard.jpg', '', { type: 'Link', linkpath: '../secret.jpg' }),
        member('device.jpg', '', { type: 'CharacterDevice' }),
        member('../out.jpg', 'x'),
        member('/absolute.jpg', 'x'),
        member('in/../../out.jpg', 'x'),
        member('./fine.jpg', 'x'),
        member('folder/', '', { type: 'Directory' }),
      ),
    );
    const { samples, skipped } = await listed(file);
    expect(samples).toEqual(['a.tar/fine.jpg –']);
    expect(skipped.map(({ name, reason }) => `${name}: ${reason}`)).toEqual([
      'a.tar/link.jpg: A link or a device: only files are read.',
      'a.tar/hard.jpg: A link or a device: only files are read.',
      'a.tar/device.jpg: A link or a device: only files are read.',
      'a.tar/../out.jpg: Its name leads out of the archive.',
      'a.tar//absolute.jpg: Its name leads out of the archive.',
      'a.tar/in/../../out.jpg: Its name leads out of the archive.',
    ]);
    await expect(readPicture(path.join(file, 'link.jpg'))).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });

  it.each(['..', '/a', 'a/../b', '', '.', 'C:/a', 'a\\b', 'a\0b'])(
    'takes no name like %j',
    (name) => {
      expect(memberName(name)).toBeUndefined();
    },
  );

  it('is read up to where it is cut off, and the member there is named', async () => {
    const whole = archive(...pair('0', 'cat'), ...pair('1', 'dog'));
    const within = put('within.tar', whole.subarray(0, 2 * 1024 + 512 + 3));
    const { samples, skipped } = await listed(within);
    expect(samples).toEqual(['within.tar/0.jpg cat']);
    expect(skipped).toEqual([
      {
        name: 'within.tar',
        reason:
          'It ends in the middle of 1.jpg, as after a broken-off download: what is before that is read.',
      },
    ]);
    const header = await listed(put('header.tar', whole.subarray(0, 2 * 1024 + 100)));
    expect(header.samples).toEqual(['header.tar/0.jpg cat']);
    expect(header.skipped[0]?.reason).toMatch(
      /^It ends in the middle of a header behind 0\.cls, as/,
    );
    expect((await readPicture(path.join(within, '0.jpg'))).toString()).toBe('picture 0');
  });

  it('without its end, where nothing else is lacking, is whole', async () => {
    const { samples, skipped } = await listed(put('a.tar', Buffer.concat(pair('0', 'cat'))));
    expect(samples).toEqual(['a.tar/0.jpg cat']);
    expect(skipped).toEqual([]);
  });

  it('is read up to where it is damaged', async () => {
    const bytes = archive(...pair('0', 'cat'), ...pair('1', 'dog'));
    bytes[2 * 1024 + 30] = 0x41;
    const { samples, skipped } = await listed(put('a.tar', bytes));
    expect(samples).toEqual(['a.tar/0.jpg cat']);
    expect(skipped).toEqual([
      {
        name: 'a.tar',
        reason: 'It is damaged behind 0.cls, at byte 2048: what is before that is read.',
      },
    ]);
  });

  it('counts what it has twice once', async () => {
    const { samples, skipped } = await listed(
      put('a.tar', archive(...pair('0', 'cat'), ...pair('1', 'dog'), ...pair('0', 'cow'))),
    );
    expect(samples).toEqual(['a.tar/0.jpg cat', 'a.tar/1.jpg dog']);
    expect(skipped).toEqual([
      { name: 'a.tar/0.jpg', reason: 'In the archive more than once; the first counts.' },
    ]);
  });

  it('is refused in a sentence where there is no picture in it, and where it is none', async () => {
    expect(await refusal(put('empty.tar', archive()))).toMatch(
      /^There is no picture in the archives\. Give/,
    );
    expect(await refusal(put('text.tar', Buffer.from('no archive '.repeat(100))))).toMatch(
      /text\.tar: It is no tar archive\./,
    );
    const gzip = gzipSync(archive(...pair('0', 'cat')), { level: 0 });
    expect(await refusal(put('packed.tar', gzip))).toMatch(
      /packed\.tar: It is compressed, .*gunzip/,
    );
    expect(await refusal(put('packed.tar.gz', gzip))).toMatch(
      /^packed\.tar\.gz is compressed, .*Unpack it with gunzip/,
    );
    expect(await refusal(at('gone.tar'))).toMatch(/no folder, manifest or archive at .*gone\.tar/);
  });
});

describe('several archives', () => {
  beforeEach(() => {
    put('data/train-0000.tar', archive(...pair('0', 'cat')));
    put('data/train-0001.tar', archive(...pair('0', 'dog')));
    put('data/val-0000.tar', archive(...pair('1', 'cow')));
  });

  it('are a folder, in the order of their names, with their parts by their names', async () => {
    const { samples, root: folder } = await listed(at('data'));
    expect(samples).toEqual([
      'train-0000.tar/0.jpg cat',
      'train-0001.tar/0.jpg dog',
      'val-0000.tar/1.jpg cow',
    ]);
    expect(folder).toBe(at('data'));
    const { samples: parted } = await wholeList(await listSources([at('data')]));
    expect(parted.map(({ split }) => split)).toEqual(['train', 'train', 'val']);
  });

  it('are a pattern with braces, or named one by one, as by a shell', async () => {
    const expected = ['train-0000.tar/0.jpg cat', 'train-0001.tar/0.jpg dog'];
    expect((await listed(at('data/train-{0000..0001}.tar'))).samples).toEqual(expected);
    const named = ['data/train-0001.tar', 'data/train-0000.tar'].map(at);
    expect((await listed(...named)).samples).toEqual(expected);
    const { samples, skipped } = await listed(at('data/train-{0000..0002}.tar'));
    expect(samples).toEqual(expected);
    expect(skipped).toEqual([
      { name: 'train-0002.tar', reason: 'It could not be read: there is no such file.' },
    ]);
  });

  it('may lie beside other things that are chosen', async () => {
    put('more/a.jpg', Buffer.from('x'));
    const { samples } = await listed(at('data/train-0000.tar'), at('more'));
    expect(samples).toEqual(['data/train-0000.tar/0.jpg cat', 'more/a.jpg more']);
  });

  it('are told where they lie among pictures', async () => {
    put('data/a.jpg', Buffer.from('x'));
    const { samples, notices } = await listed(at('data'));
    expect(samples).toEqual(['a.jpg –']);
    expect(notices[0]).toBe(
      'train-0000.tar is not looked into: choose it instead of the folder to take its pictures.',
    );
  });

  it('go on where one of them is damaged', async () => {
    put('data/train-0000.tar', Buffer.from('torn'));
    const { samples, skipped } = await listed(at('data'));
    expect(samples).toEqual(['train-0001.tar/0.jpg dog', 'val-0000.tar/1.jpg cow']);
    expect(skipped).toEqual([{ name: 'train-0000.tar', reason: 'It is no tar archive.' }]);
  });
});

describe('paths of archives', () => {
  it('are as many as a pattern says', () => {
    expect(archivesOf('a-{08..11}.tar')).toEqual(['a-08.tar', 'a-09.tar', 'a-10.tar', 'a-11.tar']);
    expect(archivesOf('{train,val}-0.tar')).toEqual(['train-0.tar', 'val-0.tar']);
    expect(archivesOf('a{b}.tar')).toEqual(['a{b}.tar']);
    for (const name of ['a-{08..11}.tar', '{train,val}-{3..4}.tar', 'a{b}.tar', 'a.tar'])
      expect(firstArchive(name)).toBe(archivesOf(name)[0]);
    expect(archivesOf('a-{1..999999999}.tar').length).toBeLessThanOrEqual(100_000);
  });

  it('go through the first archive', () => {
    expect(placeInTar('/d/a.tar/b/c.jpg')).toEqual({ archive: '/d/a.tar', member: 'b/c.jpg' });
    expect(placeInTar('/d/a.tar')).toBeUndefined();
    expect(placeInTar('/d/a.tarts/b.jpg')).toBeUndefined();
  });
});
