/** Labels of a dataset and the classes of a model, as people write both. */
import { describe, expect, it } from 'vitest';
import imagenet from '../../models/labels/imagenet-1k.json';
import { matchLabels, type LabelHints } from '../../src/dataset/match-labels';

function read(labels: readonly string[], classes: readonly string[], hints: LabelHints = {}) {
  const { indexByLabel, unmatched, choice } = matchLabels(labels, classes, hints);
  return { ...Object.fromEntries(indexByLabel), unmatched, reading: choice?.reading };
}

const unnamed = (count: number) => Array.from({ length: count }, (_, index) => `class ${index}`);

describe('labels by name', () => {
  const classes = ['tabby, tabby cat', 'crane', 'crane, bird', 'tea'];

  it.each([
    ['case, spaces, _ and -', 'Tabby_-Cat', 0],
    ['a synonym', 'bird', 2],
    ['the whole name of one, a synonym of another', 'crane', 1],
    ['a dash as typographers write it', 'tabby–cat', 0],
    ['a slash and a space behind it', 'tea/ ', 3],
    ['quotation marks around it', '"tea"', 3],
    ['a mark of direction', '\u200Ftea\u200F', 3],
    ['letters of full width', 'ｔｅａ', 3],
    ['a number before it', '003_tea', 3],
    ['another number before it', '3-tea', 3],
    ['a number and a point before it', '001.Tabby_Cat', 0],
    ['a synset before it', 'n01234567_tea', 3],
    ['words put together', 'TabbyCat', 0],
    ['an English plural', 'teas', 3],
    ['a plural of several letters', 'cranes', undefined],
    ['what is no class', 'Mieze', undefined],
    ['words that JavaScript objects know', 'constructor', undefined],
    ['others', '__proto__', undefined],
    ['nothing but a number below zero', '-1', undefined],
    ['several labels', '["tea", "crane"]', undefined],
  ])('finds %s', (_, label, index) => {
    expect(matchLabels([label], classes, {}).indexByLabel.get(label)).toBe(index);
  });

  it.each([
    ['café', 'cafe\u0301', 'caf\u00e9'],
    ['the other way round', 'caf\u00e9', 'cafe\u0301'],
    ['Cyrillic', 'Ёж', 'Е\u0308ж'],
    ['Hangul', '\u1112\u1161\u11ab', '한'],
    ['Chinese', '猫', '猫'],
    ['Arabic', 'قطة', '\u200Fقطة'],
  ])('knows a name however it is put together: %s', (_, label, name) => {
    expect(read([label], ['x', name])).toMatchObject({ [label]: 1, unmatched: [] });
  });

  it('tells which labels are not written as the class is', () => {
    const { near } = matchLabels(['Tea', 'teas', '7_tea'], classes, {});
    expect(near).toEqual([
      { label: 'teas', index: 3 },
      { label: '7_tea', index: 3 },
    ]);
  });

  it('picks none where a name is that of several classes, but the one that is written so', () => {
    const twins = ['cardigan', 'Cardigan', 'crane', 'crane', 'seals', 'seal'];
    const match = matchLabels(['Cardigan', 'CARDIGAN', 'crane', 'seals'], twins, {});
    expect(Object.fromEntries(match.indexByLabel)).toEqual({ Cardigan: 1, seals: 4 });
    expect(match.unmatched).toEqual(['CARDIGAN', 'crane']);
    expect(match.ambiguous).toEqual([
      { label: 'CARDIGAN', indices: [0, 1] },
      { label: 'crane', indices: [2, 3] },
    ]);
  });

  it('lets the mapping of the person go before everything', () => {
    const mapping = { Mieze: 0, tea: 1, '3': 2 };
    expect(read(['Mieze', 'tea', '3'], classes, { mapping })).toMatchObject({
      Mieze: 0,
      tea: 1,
      '3': 2,
    });
  });
});

describe('labels by WordNet synset', () => {
  it('finds ImageNet’s own order by the names of the classes, or where there are none', () => {
    expect(read(['n01443537'], imagenet)).toMatchObject({ n01443537: 1 });
    expect(read(['n01443537'], unnamed(1000))).toMatchObject({ n01443537: 1 });
    expect(
      read(
        ['n01443537'],
        imagenet.map((name) => `${name}, of some kind`),
      ),
    ).toMatchObject({
      n01443537: 1,
    });
  });

  it('takes no thousand other classes for ImageNet', () => {
    const birds = Array.from({ length: 1000 }, (_, index) => `bird number ${index}`);
    expect(read(['n01443537'], birds).unmatched).toEqual(['n01443537']);
  });

  it('finds a class by the synset in its name, or by what ImageNet calls the synset', () => {
    expect(
      read(['n01440764', 'n01443537_goldfish'], ['n01443537', 'n01440764 tench']),
    ).toMatchObject({ n01440764: 1, n01443537_goldfish: 0 });
    expect(read(['n01440764'], ['cassette player', 'tench'])).toMatchObject({ n01440764: 1 });
    expect(read(['n01440764'], ['cassette player']).unmatched).toEqual(['n01440764']);
  });
});

describe('labels that are numbers', () => {
  const sorted = ['0', '1', '10', '11', '2'];

  it('are names where any class is called so, and then all of them', () => {
    expect(read(['0', '1', '2', '3'], sorted)).toEqual({
      '0': 0,
      '1': 1,
      '2': 4,
      unmatched: ['3'],
      reading: 'names',
    });
    expect(read(['1', '2', '3'], ['1', '2', '3'])).toMatchObject({ '1': 0, '2': 1, '3': 2 });
    expect(read(['0', '1', '2'], ['1', '2', '3'])).toMatchObject({ unmatched: ['0'] });
    expect(read(['2.0', '03'], sorted)).toMatchObject({ '2.0': 4, unmatched: ['03'] });
    expect(read(['02', '10'], sorted)).toMatchObject({ '02': 4, '10': 2 });
  });

  it('are class numbers where no class is called so', () => {
    const animals = ['cat', 'dog', 'fox'];
    expect(read(['0', '2'], animals)).toEqual({
      '0': 0,
      '2': 2,
      unmatched: [],
      reading: 'numbers',
    });
    expect(read(['0.0', '2.0', '1.5', '-1'], animals)).toMatchObject({
      '0.0': 0,
      '2.0': 2,
      unmatched: ['1.5', '-1'],
    });
    expect(read(['１'], animals)).toMatchObject({ '１': 1 });
    expect(read(['0', '7'], animals)).toMatchObject({ '0': 0, unmatched: ['7'] });
  });

  it('are places in the order of the folders where the numbers are no classes', () => {
    const folders = { folders: true };
    expect(read(['0', '1', '10', '11', '2'], unnamed(5), folders)).toEqual({
      '0': 0,
      '1': 1,
      '10': 2,
      '11': 3,
      '2': 4,
      unmatched: [],
      reading: 'text-order',
    });
    // In a table nobody has sorted folders.
    expect(read(['0', '1', '10', '11', '2'], unnamed(5))).toMatchObject({
      '2': 2,
      '10': 3,
      reading: 'number-order',
    });
    const fromOne = Array.from({ length: 12 }, (_, index) => String(index + 1));
    expect(read(fromOne, unnamed(12), folders)).toMatchObject({ '2': 4, '12': 3 });
    expect(read(fromOne, unnamed(12))).toMatchObject({ '1': 0, reading: 'numbers-from-1' });
    expect(read(['1', '3'], unnamed(3), folders)).toMatchObject({ reading: 'numbers-from-1' });
  });

  it('are read as a person says', () => {
    const labels = ['0', '1', '10', '11', '2'];
    const as = (reading: LabelHints['reading']) => read(labels, sorted, { reading });
    expect(as('numbers')).toMatchObject({ '2': 2, unmatched: ['10', '11'] });
    expect(as('numbers-from-1')).toMatchObject({ '1': 0, '2': 1, unmatched: ['0', '10', '11'] });
    expect(as('text-order')).toMatchObject({ '10': 2, '2': 4 });
    expect(as('number-order')).toMatchObject({ '2': 2, '10': 3, '11': 4 });
    expect(as('names')).toMatchObject({ '10': 2, '2': 4 });
  });

  it('name a label on which the readings differ', () => {
    const { choice } = matchLabels(['0', '1', '10', '11', '2'], sorted, {});
    expect(choice).toMatchObject({
      reading: 'names',
      said: false,
      choices: ['names', 'numbers', 'numbers-from-1', 'text-order', 'number-order'],
      examples: { names: { label: '2', index: 4 }, numbers: { label: '2', index: 2 } },
    });
    expect(matchLabels(['0', '1'], sorted, {}).choice?.choices).toEqual([
      'names',
      'numbers',
      'numbers-from-1',
    ]);
    expect(matchLabels(['a', 'b'], unnamed(2), {}).choice?.choices).toEqual([
      'names',
      'text-order',
      'number-order',
    ]);
    expect(matchLabels(['cat'], ['dog', 'cat'], {}).choice).toBeUndefined();
  });

  it('leave words to a person where the classes have no names, but know the orders', () => {
    const labels = ['owl', 'Bee', 'Cat10', 'Cat9'];
    expect(read(labels, unnamed(4))).toEqual({ unmatched: labels, reading: 'names' });
    expect(read(labels, unnamed(4), { reading: 'text-order' })).toMatchObject({
      Bee: 0,
      Cat10: 1,
      Cat9: 2,
      owl: 3,
    });
    expect(read(labels, unnamed(4), { reading: 'number-order' })).toMatchObject({
      Bee: 0,
      Cat9: 1,
      Cat10: 2,
      owl: 3,
    });
  });
});
