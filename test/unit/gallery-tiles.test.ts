import { describe, expect, it } from 'vitest';
import type { SampleChoice } from '../../src/shared/gallery/choose-tiles';
import type { Tile } from '../../src/shared/gallery/tile';
import { chooseTiles, everySample as view } from '../../src/shared/gallery/choose-tiles';
import { withoutSharedBeginning } from '../../src/shared/class-name';
import { phrasesMeant, phrasesOfLabels } from '../../src/dataset/labels-of-phrases';
import { layOut, moveBy } from '../../src/webview/gallery/visible-rows';

const classes = ['cat', 'dog'];

function tile(name: string, truth: number | undefined, answer: number, probability: number): Tile {
  return {
    ok: true,
    name,
    truth,
    truthRank: truth === undefined ? undefined : truth === answer ? 0 : 1,
    loss: truth === undefined ? undefined : 1 - probability,
    answer,
    probability,
  };
}

const tiles: readonly Tile[] = [
  tile('a', 0, 0, 0.9),
  tile('b', 0, 1, 0.8),
  { ok: false, name: 'c', label: 'dog', message: 'torn' },
  tile('d', undefined, 1, 0.3),
];
const names = (change: Partial<SampleChoice>) =>
  chooseTiles(tiles, { ...view, ...change }, classes).map(({ name }) => name);

describe('choosing tiles', () => {
  it('filters by mistake, confidence, class, cell and text', () => {
    expect(names({})).toEqual(['a', 'b', 'c', 'd']);
    expect(names({ show: 'wrong' })).toEqual(['b']);
    expect(names({ show: 'unsure' })).toEqual(['d']);
    expect(names({ show: 'unreadable' })).toEqual(['c']);
    expect(names({ classIndex: 1 })).toEqual(['b', 'd']);
    expect(names({ cell: { truth: 0, answer: 1 } })).toEqual(['b']);
    expect(names({ text: 'CAT' })).toEqual(['a', 'b']);
    expect(names({ text: 'dog' })).toEqual(['b', 'c', 'd']);
  });

  it('sorts; what lacks the figure comes last in either direction', () => {
    expect(names({ sort: 'confidence', descending: true })).toEqual(['a', 'b', 'd', 'c']);
    expect(names({ sort: 'confidence' })).toEqual(['d', 'b', 'a', 'c']);
    expect(names({ sort: 'loss', descending: true })).toEqual(['b', 'a', 'c', 'd']);
    expect(names({ sort: 'name', descending: true })).toEqual(['d', 'c', 'b', 'a']);
  });
});

describe('the rows in sight', () => {
  const rowHeightOf = (width: number) => width + 40;

  it('are few, however many samples there are', () => {
    const room = { width: 520, height: 600, scrollTop: 100_000 };
    const { columns, tileWidth, first, end, totalHeight } = layOut(
      10_000,
      room,
      120,
      10,
      rowHeightOf,
    );
    expect(columns).toBe(4);
    expect(columns * tileWidth + 3 * 10).toBeLessThanOrEqual(520);
    expect(end - first).toBeLessThanOrEqual(4 * 9);
    const rowHeight = rowHeightOf(tileWidth) + 10;
    expect((first / 4) * rowHeight).toBeLessThanOrEqual(100_000);
    expect((end / 4) * rowHeight).toBeGreaterThanOrEqual(100_600);
    expect(totalHeight).toBe(2500 * rowHeight - 10);
  });

  it('has one column where there is no room for more', () => {
    const layout = layOut(3, { width: 50, height: 100, scrollTop: 0 }, 120, 10, rowHeightOf);
    expect(layout.columns).toBe(1);
    expect(layout.end).toBe(3);
  });

  it('keys lead to neighbours and stop at the ends', () => {
    expect(moveBy('ArrowRight', 3, 10, 4, 2)).toBe(4);
    expect(moveBy('ArrowDown', 3, 10, 4, 2)).toBe(7);
    expect(moveBy('ArrowDown', 8, 10, 4, 2)).toBe(9);
    expect(moveBy('PageUp', 9, 10, 4, 2)).toBe(1);
    expect(moveBy('Home', 7, 10, 4, 2)).toBe(0);
    expect(moveBy('x', 7, 10, 4, 2)).toBeUndefined();
  });
});

describe('phrases as classes', () => {
  it('begin with the labels, synsets by their names', () => {
    expect(phrasesOfLabels(['golden_retriever', 'n02979186', 'oboe'])).toEqual([
      'a photo of a golden retriever',
      'a photo of a cassette player',
      'a photo of an oboe',
    ]);
    expect(phrasesOfLabels(['cat'])).toEqual([]);
    expect(phrasesOfLabels(Array.from({ length: 500 }, (_, at) => `c${at}`))).toEqual([]);
  });

  it('are meant by the labels that they alone name', () => {
    const phrases = [
      'a photo of a cat',
      'a photo of a dog',
      'two dogs and a cat',
      'Golden Retriever',
    ];
    const labels = ['dog', 'cat', 'golden_retriever', 'red'];
    expect(phrasesMeant(labels, phrases)).toEqual({ dog: 1, golden_retriever: 3 });
    const own = phrasesOfLabels(['n02979186', 'n03394916']);
    expect(phrasesMeant(['n02979186', 'n03394916'], own)).toEqual({ n02979186: 0, n03394916: 1 });
  });

  it('are shown by what tells them apart', () => {
    expect(withoutSharedBeginning(['a photo of a cat', 'a photo of an old dog'])).toEqual([
      'a cat',
      'an old dog',
    ]);
    expect(withoutSharedBeginning(['a cat', 'a cat asleep'])).toEqual(['cat', 'cat asleep']);
    expect(withoutSharedBeginning(['one'])).toEqual(['one']);
  });
});
