/** Answers among some classes in a gallery: which samples they choose, and the page. */
import { describe, expect, it } from 'vitest';
import { packMap } from '../../src/dataset/pack-map';
import { tileOf } from '../../src/extension/gallery/tile-of';
import { chooseTiles, everySample, type SampleChoice } from '../../src/shared/gallery/choose-tiles';
import { intended } from '../../src/shared/gallery/gallery-intents';
import { freshGallery, type GalleryState } from '../../src/shared/gallery/gallery-state';
import { freshView } from '../../src/shared/gallery/gallery-view';
import type { Tile } from '../../src/shared/gallery/tile';
import { tilesAccuracy } from '../../src/shared/gallery/tiles-accuracy';
import type { ToGallery } from '../../src/shared/protocol/gallery';
import type { ExplainedSample, SampleResult } from '../../src/shared/sample-result';
import { galleryDataset } from '../fixtures/gallery-dataset';
import { describePanel, type OpenPanel } from '../fixtures/panel/describe-panel';
import type { PanelPage } from '../fixtures/panel/panel-page';
import { tallied } from '../tallied';

const classes = ['cat', 'dog', 'tabby', 'wolf'];

function sample(
  name: string,
  truth: number,
  all: readonly [answer: number, probability: number, rank: number],
  among: readonly [answer: number, probability: number, rank?: number],
): ExplainedSample {
  const [answer, probability, truthRank] = all;
  const [other, share, rank] = among;
  return {
    ok: true,
    name,
    sha256: name,
    label: classes[truth],
    truth,
    top: [{ index: answer, probability }],
    truthRank,
    loss: 1,
    among: {
      top: [{ index: other, probability: share }],
      ...(rank !== undefined && { truthRank: rank, loss: 0.25 }),
    },
    map: packMap(Float32Array.of(0, 1, 2, 3), 2, 2),
    shares: { border: 1, corners: [0, 0, 0, 0] },
  };
}

const lines: readonly SampleResult[] = [
  sample('a', 0, [2, 0.625, 1], [0, 0.9, 0]),
  sample('b', 1, [1, 0.4, 0], [1, 0.75, 0]),
  sample('c', 1, [0, 0.3, 2], [0, 0.55, 1]),
  sample('d', 3, [3, 0.8, 0], [1, 0.6]),
  { ok: false, name: 'e', code: 'image-unreadable', message: 'It is torn.' },
];
const tiles: readonly Tile[] = lines.map(tileOf);
const among: SampleChoice = { ...everySample, among: true };

describe('samples by their answers among some classes', () => {
  const names = (choice: Partial<SampleChoice>, isAmong = true) =>
    chooseTiles(tiles, { ...everySample, ...choice, among: isAmong }, classes).map(
      ({ name }) => name,
    );

  it('are chosen and put in order by these', () => {
    expect(names({ show: 'wrong' }, false)).toEqual(['a', 'c']);
    expect(names({ show: 'wrong' })).toEqual(['c']);
    expect(names({ show: 'unsure' }, false)).toEqual(['b', 'c']);
    expect(names({ show: 'unsure' })).toEqual([]);
    expect(names({ cell: { truth: 0, answer: 2 } }, false)).toEqual(['a']);
    expect(names({ cell: { truth: 0, answer: 2 } })).toEqual([]);
    expect(names({ classIndex: 2 })).toEqual([]);
    expect(names({ text: 'tabby' })).toEqual([]);
    expect(names({ sort: 'confidence' })).toEqual(['c', 'd', 'b', 'a', 'e']);
    // What is labelled with none of them has no loss among them.
    expect(names({ sort: 'loss' })).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('have the answer among all beside it, and the other way round', () => {
    const [all] = chooseTiles(tiles, everySample, classes);
    expect(all).toMatchObject({ answer: 2, truthRank: 1, other: { answer: 0, truthRank: 0 } });
    const [first, , , last] = chooseTiles(tiles, among, classes);
    expect(first).toMatchObject({ answer: 0, probability: 0.9, loss: 0.25 });
    expect(first).toMatchObject({ other: { answer: 2, probability: 0.625, truthRank: 1 } });
    expect(last).toMatchObject({ answer: 1, truthRank: undefined, loss: undefined });
  });

  it('are as many right as the summary says', () => {
    const { summary } = tallied(lines);
    const seen = chooseTiles(tiles, among, classes);
    expect(tilesAccuracy(seen, among)).toEqual({ right: 2, labelled: 3 });
    expect(tilesAccuracy(seen, among, ({ other }) => other?.truthRank)).toEqual({
      right: 2,
      labelled: 4,
    });
    expect(summary).toMatchObject({
      labelled: 4,
      top1: 2 / 4,
      among: { labelled: 3, top1: 2 / 3, outside: 1 },
    });
  });
});

describe('choosing classes in a gallery', () => {
  const state = freshGallery({}, freshView);

  it('looks at these answers, and keeps what is counted when all are looked at again', () => {
    const list = { of: 'list', text: 'cat, dog' } as const;
    const chosen = intended(state, { kind: 'useAmong', among: list });
    expect(chosen).toMatchObject({ asked: { among: list }, view: { among: true } });
    const back = intended(chosen, { kind: 'useAmong', among: { of: 'all' } });
    expect(back).toMatchObject({ asked: { among: list }, view: { among: false } });
  });
});

const dataset = galleryDataset({
  total: 5,
  classes,
  choosesClasses: true,
  among: { of: 'dataset', classes: [0, 1] },
  labelledClasses: 2,
});

const tellTo = async (gallery: PanelPage, changed: Partial<GalleryState>): Promise<void> => {
  const message: ToGallery = { kind: 'state', heard: 0, changed, gone: [] };
  await gallery.page.evaluate((sent) => window.postMessage(sent, '*'), message);
};

const inGallery = (openGallery: OpenPanel): void => {
  it.each(['dark', 'light'] as const)(
    'shows both answers, and both accuracies: %s',
    async (theme) => {
      const gallery = await openGallery({ theme, size: { width: 400, height: 900 } });
      const { summary } = tallied(lines);
      const tell = (changed: Partial<GalleryState>) => tellTo(gallery, changed);
      await tell({ dataset, tiles, summary });
      const tile = gallery.get('tile').first();
      await expect.poll(() => tile.innerText()).toMatch(/^a:.*wrong.*tabby.*63.%.*is cat$/s);
      const told = async (name: string) =>
        (await gallery.get(name).innerText()).replaceAll('\u00A0', ' ');
      expect(await told('shown')).toBe(
        '5 samples, 50.0 % of 4 labelled right among all, 66.7 % of 3 among the dataset’s 2 classes',
      );

      await gallery.get('among').selectOption('dataset');
      await expect
        .poll(() => tile.innerText())
        .toMatch(/^a, right:.*cat.*90.%.*is cat.*among all: tabby 63.%$/s);
      expect(await told('shown')).toBe(
        '5 samples, 66.7 % of 3 labelled right among the dataset’s 2 classes, 50.0 % of 4 among all',
      );
      expect(await gallery.posted()).toContainEqual({ kind: 'useAmong', among: { of: 'dataset' } });
      expect(await gallery.page.evaluate('keptState.view.among')).toBe(true);

      await gallery.get('tab-summary').click();
      expect(await told('accuracy')).toBe('50.0 %');
      expect(await told('accuracy-beside')).toBe('66.7 % among the dataset’s 2 classes');
      expect(await told('among-outside')).toMatch(/^Labelled with none of .*: 1 sample\.$/);
      const cells = await gallery.get('cell').evaluateAll((all) => all.map((one) => one.ariaLabel));
      expect(cells).toEqual([
        '1 of cat, answered cat',
        '1 of dog, answered cat',
        '1 of dog, answered dog',
      ]);
      await gallery.get('cell').nth(1).click();
      await expect.poll(() => gallery.get('tile').count()).toBe(1);
      expect(await tile.innerText()).toMatch(/^c:/);

      await gallery.get('among').selectOption('list');
      await gallery.get('among-list').fill('cat, mule');
      await gallery.page.keyboard.press('Enter');
      expect(await gallery.get('among-problems').innerText()).toMatch(/no class named “mule”/);
      await gallery.get('among-list').fill('cat, wolf');
      await gallery.page.keyboard.press('Enter');
      const text = 'cat, wolf';
      expect(await gallery.posted()).toContainEqual({
        kind: 'useAmong',
        among: { of: 'list', text },
      });
      const whyAll = 'The model has no class named “wolf”.';
      await tell({ dataset: { ...dataset, among: undefined, whyAll } });
      await expect.poll(() => gallery.get('among-problems').innerText()).toBe(whyAll);
    },
  );

  it('offers no choice to models that make none', async () => {
    const gallery = await openGallery();
    await tellTo(gallery, {
      dataset: { ...dataset, choosesClasses: false, among: undefined },
      tiles,
    });
    await gallery.get('tile').first().waitFor();
    expect(await gallery.get('among').count()).toBe(0);
  });
};

describePanel('the gallery in Chromium', inGallery, 'src/webview/gallery.tsx');
