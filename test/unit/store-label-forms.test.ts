/** Names of classes as people and programs write them beside a model. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { labelsFromJson, labelsFromText } from '../../src/store/label-forms';
import { findLabelFile, labelsFromHuggingFace, readLabelFile } from '../../src/store/labels';
import { processorMilliseconds } from '../processor-time';

describe('names in JSON', () => {
  it.each([
    ['a list', ['a', 'b'], ['a', 'b']],
    ['index to name', { 0: 'a', 1: 'b' }, ['a', 'b']],
    [
      'index to name, out of order and with gaps',
      { 10: 'k', 2: 'c' },
      [...'class 0|class 1|c|class 3|class 4|class 5|class 6|class 7|class 8|class 9|k'.split('|')],
    ],
    ['index to synset and name', { 0: ['n01', 'a'], 1: ['n02', 'b'] }, ['a', 'b']],
    ['index to a name that is a number', { 0: '0', 1: '1', 2: '10' }, ['0', '1', '10']],
    ['name to index', { b: 1, a: 0 }, ['a', 'b']],
    [
      'name to index, the names being numbers',
      { 0: 0, 1: 1, 10: 2, 11: 3, 2: 4 },
      ['0', '1', '10', '11', '2'],
    ],
    ['name to index, not from 0', { a: 1, b: 3 }, ['class 0', 'a', 'class 2', 'b']],
    ['several names to one index', { cat: 0, kitten: 0, dog: 1 }, ['cat, kitten', 'dog']],
    [
      'ids and names',
      [
        { id: 1, name: 'b' },
        { id: 0, name: 'a', supercategory: 'x' },
      ],
      ['a', 'b'],
    ],
    ['under its name', { model: 'x', id2label: { 0: 'a' } }, ['a']],
    ['class_to_idx under its name', { class_to_idx: { b: 1, a: 0 } }, ['a', 'b']],
    ['a list under its name', { names: ['a', 'b'], nc: 2 }, ['a', 'b']],
    ['an index below zero', { a: -1, b: 0 }, undefined],
    ['an index beyond all classes', { a: 4_000_000_000 }, undefined],
    ['a mixture', { a: 1, b: 'x' }, undefined],
    ['nothing', {}, undefined],
    ['no list', 'a', undefined],
  ] as const)('are read: %s', (_, data, labels) => {
    expect(labelsFromJson(JSON.parse(JSON.stringify(data)))).toEqual(labels);
  });
});

describe('names in lines', () => {
  it.each([
    ['with CRLF', 'a\r\nb\r\n', ['a', 'b']],
    ['with CR', 'a\rb', ['a', 'b']],
    [
      'with commas in them',
      'tench, Tinca tinca\ngoldfish, Carassius',
      ['tench, Tinca tinca', 'goldfish, Carassius'],
    ],
    ['with comments', '# my classes\na\n# more\nb', ['a', 'b']],
    ['one of which begins with a #', '#1\nb', ['#1', 'b']],
    ['with an empty one in the middle, which is a class', 'a\n\nb\n\n', ['a', 'class 1', 'b']],
    ['with their index', '0 a\n1 b', ['a', 'b']],
    ['with their index, in another order', '2\tc\n0\ta\n1\tb', ['a', 'b', 'c']],
    ['with their index from 1', '1: a\n2: b', ['a', 'b']],
    ['with their index behind', 'b,1\na,0', ['a', 'b']],
    ['numbers behind that belong to the name', 'class 0\nclass 1', ['class 0', 'class 1']],
    ['numbers before that are no index', '2 cents\n5 dimes', ['2 cents', '5 dimes']],
    ['an index twice', '0 a\n0 b', ['0 a', '0 b']],
    ['numbers alone', '0\n1\n10\n11\n2', ['0', '1', '10', '11', '2']],
    ['pasted from a program', "'a',\n'b c',\n'd'", ['a', 'b c', 'd']],
    ['in a single line', 'a, b, "c"', ['a', 'b', '"c"']],
    ['in a single line, quoted', '"a", "b"', ['a', 'b']],
    [
      'synsets before names',
      'n01440764 tench\nn01443537 goldfish',
      ['n01440764 tench', 'n01443537 goldfish'],
    ],
    ['of other scripts', 'кошка\n犬\nقطة', ['кошка', '犬', 'قطة']],
    ['none', '\n\n', undefined],
  ] as const)('are read: %s', (_, text, labels) => {
    expect(labelsFromText(text)).toEqual(labels);
  });
});

describe('names in files', () => {
  let folder = '';
  beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'vit-labels-'))));
  afterEach(() => rm(folder, { recursive: true }));
  const put = (name: string, content: string | Uint8Array) =>
    writeFile(path.join(folder, name), content);

  it.each([
    ['UTF-8 with a mark', Buffer.from('\uFEFFcafé\nthé\n')],
    ['Latin-1', Buffer.from('café\nthé\n', 'latin1')],
    ['UTF-16 of Windows', Buffer.from('\uFEFFcafé\r\nthé\r\n', 'utf16le')],
    ['UTF-16 without a mark', Buffer.from('café\nthé\n', 'utf16le')],
    ['UTF-16, the other end first', Buffer.from('\uFEFFcafé\nthé\n', 'utf16le').swap16()],
  ])('are read in %s', async (_, bytes) => {
    await put('labels.txt', bytes);
    expect(await findLabelFile(folder, 'model')).toEqual(['café', 'thé']);
  });

  it('are read from JSON in Latin-1, too', async () => {
    await put('labels.json', Buffer.from('["café"]', 'latin1'));
    expect(await readLabelFile(path.join(folder, 'labels.json'))).toEqual(['café']);
  });

  it.each([
    ['classes.txt', 'a\nb'],
    ['class_names.txt', 'a\nb'],
    ['dogs_classes.txt', 'a\nb'],
    ['categories.json', '["a", "b"]'],
    ['class_to_idx.json', '{"b": 1, "a": 0}'],
    ['class_indices.json', '{"0": "a", "1": "b"}'],
    ['idx_to_class.json', '{"0": "a", "1": "b"}'],
    ['idx2label.json', '{"0": "a", "1": "b"}'],
    ['label2id.json', '{"a": 0, "b": 1}'],
    ['id2label.json', '{"1": "b", "0": "a"}'],
    ['label_map.json', '{"0": "a", "1": "b"}'],
    ['class_mapping.json', '{"0": "a", "1": "b"}'],
  ])('are found in %s', async (name, content) => {
    await put(name, content);
    await put('notes.txt', 'x');
    await put('class_weights.json', '[0.5, 2]');
    await put('vit-labels.json', '{"kitty": "a"}');
    expect(await findLabelFile(folder, 'model')).toEqual(['a', 'b']);
  });

  it('may lie there twice, if they say the same', async () => {
    await put('classes.txt', 'a\nb');
    await put('class_to_idx.json', '{"b": 1, "a": 0}');
    expect(await findLabelFile(folder, 'model')).toEqual(['a', 'b']);
    await put('class_to_idx.json', '{"b": 0, "a": 1}');
    await expect(findLabelFile(folder, 'model')).rejects.toThrow(
      /could hold its labels: class_to_idx\.json, classes\.txt/,
    );
    await put('labels.txt', 'c\nd');
    expect(await findLabelFile(folder, 'model')).toEqual(['c', 'd']);
  });
});

describe('names in config.json', () => {
  it('are those of id2label, else of label2id', () => {
    const id2label = { 0: 'cat', 1: 'dog' };
    const agreed = { labels: ['cat', 'dog'], assumed: [] };
    expect(labelsFromHuggingFace({ id2label, label2id: { dog: 1, cat: 0 } })).toEqual(agreed);
    expect(labelsFromHuggingFace({ id2label })).toEqual(agreed);
    expect(labelsFromHuggingFace({ label2id: { dog: 1, cat: 0 } })).toEqual(agreed);
    expect(labelsFromHuggingFace({ id2label, label2id: { LABEL_0: 0, LABEL_1: 1 } })).toEqual(
      agreed,
    );
    expect(
      labelsFromHuggingFace({
        id2label: { 0: 'LABEL_0', 1: 'LABEL_1' },
        label2id: { cat: 0, dog: 1 },
      }),
    ).toEqual(agreed);
    expect(labelsFromHuggingFace({ id2label: { 0: 0, 1: 1, 2: 10 } })?.labels).toEqual([
      '0',
      '1',
      '10',
    ]);
    expect(labelsFromHuggingFace({ id2label: { 0: 'LABEL_0' } })).toBeUndefined();
    expect(labelsFromHuggingFace({})).toBeUndefined();
  });

  it('that share an index on the way back agree, other indices do not, and that is said', () => {
    const twins = { 0: 'crane', 1: 'crane', 2: 'tench, Tinca tinca' };
    expect(
      labelsFromHuggingFace({ id2label: twins, label2id: { crane: 1, 'tench, Tinca tinca': 2 } }),
    ).toEqual({ labels: ['crane', 'crane', 'tench, Tinca tinca'], assumed: [] });
    expect(
      labelsFromHuggingFace({ id2label: { 0: 'cat', 1: 'dog' }, label2id: { cat: 1, dog: 0 } }),
    ).toEqual({
      labels: ['cat', 'dog'],
      assumed: [
        {
          subject: 'classes',
          value: 'id2label of config.json, where class 0 is “cat”',
          reason: 'label2id beside it says otherwise: class 0 is “dog”',
          field: 'labels',
        },
      ],
    });
  });
});

describe('names in masses', () => {
  const count = 200_000;
  const indices = Array.from({ length: count }, (_, index) => index);

  it('are read up to a million', () => {
    const byIndex = Object.fromEntries(indices.map((index) => [index, `n${index}`]));
    expect(labelsFromJson(byIndex)).toHaveLength(count);
    expect(labelsFromJson({ last: 999_999 })).toHaveLength(1_000_000);
  });

  it.each([
    ['lines', () => labelsFromText('x\n'.repeat(1_000_001))],
    ['a list', () => labelsFromJson(Array<string>(1_000_001).fill('x'))],
    ['an index', () => labelsFromJson({ last: 1_000_000 })],
  ])('are no labels beyond (%s)', (_, read) => {
    expect(read()).toBeUndefined();
  });

  it('of no known form are found out at the first', () => {
    const begun = processorMilliseconds();
    expect(labelsFromJson(Object.fromEntries(indices.map((index) => [index, {}])))).toBeUndefined();
    expect(labelsFromJson(indices.map(() => [[]]))).toBeUndefined();
    expect(processorMilliseconds() - begun).toBeLessThan(3000);
  });
});
