/** What the page of a gallery is told, and when; while results come in fast, too. */
import { describe, expect, it } from 'vitest';
import { GalleryModel } from '../../src/extension/gallery/gallery-model';
import type { DatasetSummary } from '../../src/shared/dataset-summary';
import { freshGallery, type GalleryState } from '../../src/shared/gallery/gallery-state';
import { freshView } from '../../src/shared/gallery/gallery-view';
import type { Tile } from '../../src/shared/gallery/tile';
import type { ToGallery } from '../../src/shared/protocol/gallery';
import { withChange } from '../../src/shared/protocol/state-change';

const total = 500;

function tile(index: number): Tile {
  return { ok: false, name: `${index}.jpg`, message: 'It is empty.' };
}

/** As a run tells it: each sample with the count after it. */
function run(gallery: GalleryModel): void {
  for (let done = 1; done <= total; done++)
    gallery.addTile(tile(done), { kind: 'running', done, total, isAll: true });
}

function listening() {
  const told: ToGallery[] = [];
  const changes: (readonly [GalleryState, GalleryState])[] = [];
  let summaries = 0;
  const gallery: GalleryModel = new GalleryModel(freshGallery({}, freshView), {
    deliver: (message) => told.push(message),
    summarise: () => ({ samples: (summaries += 1) }) as DatasetSummary,
    onChange: (...states) => changes.push(states),
  });
  gallery.ready();
  /** What the page makes of all that it was told. */
  const page = (): GalleryState =>
    told.reduce<GalleryState>(withChange, freshGallery({}, freshView));
  return { told, gallery, changes, page };
}

it('is the first tile with its count at once, then the others together with the newest count', async () => {
  const { told, gallery } = listening();
  run(gallery);
  const first = { kind: 'running', done: 1, total, isAll: true };
  expect(told.slice(1)).toEqual([
    { kind: 'state', heard: 0, changed: { tiles: [tile(1)], progress: first }, gone: [] },
  ]);
  await expect.poll(() => told.length).toBe(3);
  expect(told[2]).toMatchObject({
    changed: { progress: { kind: 'running', done: total, total } },
    grown: { tiles: { length: total - 1 } },
  });
  gallery.dispose();
});

it('is the end at once, after the last tile, and no count after it', async () => {
  const { told, gallery, page } = listening();
  run(gallery);
  gallery.set({ progress: { kind: 'done', total } });
  const length = told.length;
  expect(page()).toMatchObject({ tiles: { length: total }, progress: { kind: 'done', total } });
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(told).toHaveLength(length);
  gallery.dispose();
});

it('is everything again for a page that was hidden', async () => {
  const { told, gallery, page } = listening();
  gallery.hidden();
  run(gallery);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(told).toHaveLength(1);
  gallery.ready();
  expect(page()).toMatchObject({
    tiles: { length: total },
    progress: { kind: 'running', done: total },
  });
  gallery.dispose();
});

it('is thousands of tiles in portions, the first of which can be drawn meanwhile', () => {
  const { told, gallery, page } = listening();
  gallery.hidden();
  const tiles = Array.from({ length: 50_000 }, (_, index) => tile(index));
  gallery.set({ tiles });
  gallery.ready();
  expect(told[1]?.changed).toMatchObject({ tiles: { length: 500 }, view: freshView });
  expect(told).toHaveLength(101);
  expect(page().tiles).toEqual(tiles);
  gallery.set({ tiles: [...tiles, tile(50_000)] });
  expect(told.at(-1)?.grown?.tiles).toEqual([tile(50_000)]);
  gallery.dispose();
});

it('is what the person wished for, together with that it was heard', () => {
  const { told, gallery, changes } = listening();
  gallery.hear({ kind: 'chooseMethod', method: 'gae' }, () => undefined);
  expect(told.at(-1)).toEqual({
    kind: 'state',
    heard: 1,
    changed: { asked: { method: 'gae' } },
    gone: [],
  });
  expect(changes.at(-1)?.map(({ asked }) => asked)).toEqual([{ method: 'gae' }, {}]);
});

it('stays at the sample that the panel beside went on to, however late the page looks otherwise', () => {
  const { gallery } = listening();
  gallery.hear({ kind: 'look', view: { ...freshView, selected: '1.jpg' } }, () => undefined);
  gallery.update((state) => ({ ...state, view: { ...state.view, selected: '2.jpg' } }));
  gallery.hear({ kind: 'look', view: { ...freshView, text: 'j' } }, () => undefined);
  expect(gallery.state.view).toMatchObject({ text: 'j', selected: '2.jpg' });
});

describe('the summary', () => {
  const look = (gallery: GalleryModel): void =>
    gallery.hear({ kind: 'look', view: { ...freshView, tab: 'summary' } }, () => undefined);

  it('is made when it is looked at, also again, and when the work stops', () => {
    const { gallery, page } = listening();
    gallery.set({ progress: { kind: 'running', done: 0, total, isAll: true } });
    expect(page().summary).toBeUndefined();
    look(gallery);
    expect(page().summary).toEqual({ samples: 1 });
    gallery.set({ progress: { kind: 'running', done: 1, total, isAll: true } });
    expect(page().summary).toEqual({ samples: 1 });
    look(gallery);
    expect(page().summary).toEqual({ samples: 2 });
    gallery.set({ progress: { kind: 'done', total } });
    expect(page().summary).toEqual({ samples: 3 });
    gallery.dispose();
  });

  it('is of now for a page that was hidden', () => {
    const { gallery, page } = listening();
    look(gallery);
    gallery.hidden();
    gallery.ready();
    expect(page().summary).toEqual({ samples: 2 });
    gallery.dispose();
  });
});
