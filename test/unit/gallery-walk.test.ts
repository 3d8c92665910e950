import { describe, expect, it } from 'vitest';
import { GalleryWalk } from '../../src/extension/gallery/gallery-walk';
import { placeAfter } from '../../src/shared/filmstrip';
import type { SampleChoice } from '../../src/shared/gallery/choose-tiles';
import type { Tile } from '../../src/shared/gallery/tile';
import { framesInSight, scrollTo } from '../../src/webview/frames-in-sight';

const byName: SampleChoice = {
  among: false,
  show: 'all',
  text: '',
  sort: 'name',
  descending: false,
};

function tile(name: string, probability: number, truthRank?: number): Tile {
  return {
    ok: true,
    name,
    truth: truthRank === undefined ? undefined : 1,
    truthRank,
    answer: truthRank === 0 ? 1 : 0,
    probability,
  };
}

const broken: Tile = { ok: false, name: 'd', message: 'Torn.' };
const few: readonly Tile[] = [tile('a', 0.9), tile('b', 0.4, 1), tile('c', 0.6, 0), broken];

function walkThrough(tiles: readonly Tile[]) {
  const gone: string[] = [];
  let choice = byName;
  let shown: string | undefined;
  const classes = ['cat, house cat', 'dog'];
  const walk: GalleryWalk = new GalleryWalk(
    () => ({
      ...{ gallery: 'file:///x', title: 'x', tiles, classes, choice, shown, roots: [] },
      thumbnailOf: (name) => (name === broken.name ? undefined : `small/${name}`),
    }),
    (name) => {
      gone.push(name);
      shown = name;
    },
  );
  const choose = (other: SampleChoice) => (choice = other);
  const show = (name: string) => (shown = name);
  return { walk, gone, choose, show };
}

describe('the way through a gallery', () => {
  it('tells each sample’s answer and whether it is right', () => {
    const { walk, show } = walkThrough(few);
    show('b');
    const { frames, ...rest } = walk.filmstrip(undefined);
    expect(rest).toMatchObject({ title: 'x', total: 4, all: 4, at: 1, first: 0 });
    expect(rest.current).toEqual(frames[1]);
    expect(frames).toMatchObject([
      { name: 'a', thumbnail: 'small/a', answer: 'cat', verdict: 'unknown' },
      { name: 'b', answer: 'cat', verdict: 'wrong', truth: 'dog', probability: 0.4 },
      { name: 'c', answer: 'dog', verdict: 'right' },
      { name: 'd', answer: 'Torn.', verdict: 'unreadable' },
    ]);
    expect(frames[3]?.thumbnail).toBeUndefined();
  });

  it('follows filter and order, and ends at either end', () => {
    const { walk, gone, choose, show } = walkThrough(few);
    choose({ ...byName, sort: 'confidence', descending: true });
    show('a');
    walk.step(-1);
    walk.step(1);
    walk.step(1);
    walk.step(1);
    walk.step(1);
    expect(gone).toEqual(['c', 'b', 'd']);
    choose({ ...byName, text: 'dog' });
    expect(walk.filmstrip(undefined)).toMatchObject({ total: 2, all: 4 });
  });

  it('goes on from where a sample stood that the filters leave out now', () => {
    const { walk, gone, choose, show } = walkThrough(few);
    show('b');
    walk.filmstrip(undefined);
    choose({ ...byName, show: 'unreadable' });
    expect(walk.filmstrip(undefined)).toMatchObject({ total: 1, at: undefined, near: 1 });
    walk.step(-1);
    expect(gone).toEqual(['d']);
  });

  it('goes to the sample that was meant, also where it has moved since', () => {
    const { walk, gone } = walkThrough(few);
    walk.goTo(0, 'c');
    walk.goTo(1, 'no longer there');
    walk.goTo(7, undefined);
    expect(gone).toEqual(['c', 'b']);
  });

  it('tells few of many samples: those around, or those that someone looks at', () => {
    const many = Array.from({ length: 10_000 }, (_, at) => tile(`${at}`.padStart(5, '0'), 0.5));
    const { walk, show } = walkThrough(many);
    show('05000');
    const around = walk.filmstrip(undefined);
    expect(around.frames.length).toBeLessThan(100);
    expect(around.frames[5000 - around.first]?.name).toBe('05000');
    const there = walk.filmstrip({ first: 9000, end: 9020 });
    expect([there.at, there.first, there.frames.length]).toEqual([5000, 8980, 60]);
    expect(walk.filmstrip({ first: 0, end: 10_000 }).frames.length).toBeLessThan(500);
    expect(JSON.stringify(around).length).toBeLessThan(20_000);
  });
});

describe('the frames in sight', () => {
  it('are few, whatever the length of the row', () => {
    const { first, end } = framesInSight(10_000, 74 * 5000, 740, 74);
    expect(first).toBeLessThanOrEqual(5000);
    expect(end).toBeGreaterThanOrEqual(5010);
    expect(end - first).toBeLessThan(25);
    expect(framesInSight(3, 0, 740, 74)).toEqual({ first: 0, end: 3 });
    expect(framesInSight(0, 0, 740, 74)).toEqual({ first: 0, end: 0 });
  });

  it('stay where they are while the sample shown is among them with its neighbours', () => {
    expect(scrollTo(5, 100, 740, 74)).toBe(100);
    expect(scrollTo(9, 0, 740, 74)).toBe(11 * 74 - 740);
    expect(scrollTo(0, 500, 740, 74)).toBe(0);
    expect(scrollTo(5000, 0, 740, 74)).toBe(5000.5 * 74 - 370);
  });

  it('has places to go to, but none beyond the ends', () => {
    const strip = { at: 0, near: 0, total: 3 };
    expect(placeAfter(strip, 'previous')).toBeUndefined();
    expect(placeAfter(strip, 'first')).toBeUndefined();
    expect(placeAfter(strip, 'next')).toBe(1);
    expect(placeAfter(strip, 'last')).toBe(2);
    expect(placeAfter({ ...strip, at: undefined, near: 1 }, 'next')).toBe(1);
    expect(placeAfter({ ...strip, at: undefined, near: 1 }, 'previous')).toBe(0);
    expect(placeAfter({ at: undefined, near: 0, total: 0 }, 'last')).toBeUndefined();
  });
});
