/** The gallery in a real browser, told what the extension tells it. */
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { matchLabels } from '../../src/dataset/match-labels';
import { packMap } from '../../src/dataset/pack-map';
import { methods } from '../../src/engine/methods/catalogue';
import { tileOf, tilePictureOf } from '../../src/extension/gallery/tile-of';
import { colourMaps } from '../../src/shared/colour-map';
import type { DatasetSummary } from '../../src/shared/dataset-summary';
import type { FromGallery, ToGallery } from '../../src/shared/protocol/gallery';
import type { GalleryDataset, GalleryState } from '../../src/shared/gallery/gallery-state';
import type { ExplainedSample } from '../../src/shared/sample-result';
import type { ExplainedTile } from '../../src/shared/gallery/tile';
import { galleryDataset } from '../fixtures/gallery-dataset';
import { bundlePanel, PanelPage } from '../fixtures/panel/panel-page';

const classesOfNumbers = ['0', '1', '10', '11', '2'];
const explained: ExplainedTile = {
  ok: true,
  name: 'a.jpg',
  answer: 0,
  probability: 0.7,
};
const thumbnail = 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=';
const nothing: DatasetSummary = {
  samples: 0,
  unread: 0,
  broken: [],
  labelled: 0,
  top1: undefined,
  top5: undefined,
  loss: undefined,
  calibration: undefined,
  values: undefined,
  confusion: [],
  meanMaps: [],
  border: 0,
  corners: [0, 0, 0, 0],
  outside: undefined,
  remarks: [],
  mistakes: [],
  doubts: [],
};
const executablePath = '/usr/bin/chromium';

const dataset = galleryDataset({
  title: 'captions.csv',
  sources: ['file:///captions.csv'],
  total: 10_000,
  unmatched: Array.from({ length: 10_000 }, (_, index) => `caption ${index}`),
});

describe.skipIf(!existsSync(executablePath))('the gallery in Chromium', () => {
  let browser: Browser;
  let files: ReadonlyMap<string, string>;

  beforeAll(async () => {
    [browser, files] = await Promise.all([
      chromium.launch({ executablePath, args: ['--no-sandbox'] }),
      bundlePanel('src/webview/gallery.tsx'),
    ]);
  });
  afterAll(() => browser.close());

  async function open(
    theme: 'dark' | 'light',
    ...parts: readonly Partial<GalleryState>[]
  ): Promise<PanelPage> {
    return openAt({ width: 1000, height: 700 }, theme, ...parts);
  }

  async function openAt(
    size: { readonly width: number; readonly height: number },
    theme: 'dark' | 'light',
    ...parts: readonly Partial<GalleryState>[]
  ): Promise<PanelPage> {
    const gallery = await PanelPage.open(browser, files, { theme, size });
    for (const changed of parts) {
      const message: ToGallery = { kind: 'state', heard: 0, changed, gone: [] };
      await gallery.page.evaluate((sent) => window.postMessage(sent, '*'), message);
    }
    return gallery;
  }

  it('asks for the meaning of a hundred labels at a time, and when it is asked to', async () => {
    const gallery = await open('dark', { dataset });
    const summary = gallery.get('labels').locator('summary');
    await expect.poll(() => summary.innerText()).toMatch(/10000 labels fit no class/);
    expect(await gallery.get('label-class').count()).toBe(0);
    await summary.click();
    await expect.poll(() => gallery.get('label-class').count()).toBe(100);
    expect(await gallery.get('labels').innerText()).toMatch(/And 9900 more/);
    await gallery.get('label-class').first().fill('do');
    await gallery.page.keyboard.press('Enter');
    expect(await gallery.posted()).toContainEqual({
      kind: 'mapLabel',
      label: 'caption 0',
      index: 1,
    });
    expect(gallery.complaints).toEqual([]);
    await gallery.page.close();
  });

  it.each(['dark', 'light'] as const)(
    'says how numbers are read, to be changed: %s',
    async (theme) => {
      const { choice } = matchLabels(['0', '1', '10', '11', '2'], classesOfNumbers, {});
      const numbers = {
        ...dataset,
        classes: classesOfNumbers,
        labelReading: choice,
        unmatched: [],
      };
      const gallery = await open(theme, { dataset: numbers });
      const select = gallery.get('label-reading');
      await expect.poll(() => select.inputValue()).toBe('names');
      const options = await select.locator('option').allInnerTexts();
      expect(options).toHaveLength(5);
      expect(options[0]).toBe('names of classes: “2” is class 4, “2”');
      expect(options[3]).toMatch(
        /sorted as text, as torchvision’s ImageFolder does: “2” is class 4/,
      );
      const { page } = gallery;
      // However long its words are, it stays within the page.
      await gallery.resize(420, 700);
      const box = await select.boundingBox();
      expect((box?.x ?? 0) + (box?.width ?? 1000)).toBeLessThanOrEqual(420);
      await select.selectOption('numbers');
      expect(await gallery.posted()).toContainEqual({ kind: 'readLabels', reading: 'numbers' });
      expect(gallery.complaints).toEqual([]);
      await page.close();
    },
  );

  it('counts the pictures that could not be read apart from those that were explained', async () => {
    const broken = { ok: false, name: 'b.jpg', message: 'there is no such file' } as const;
    const progress = { kind: 'running', done: 2, total: 3, isAll: true } as const;
    const gallery = await open('dark', { dataset, tiles: [explained, broken], progress });
    const line = gallery.get('progress').locator('[role=status]');
    await expect.poll(() => line.innerText()).toBe('1 of 3 explained; 1 could not be read');
    const done: ToGallery = {
      kind: 'state',
      heard: 0,
      changed: { progress: { kind: 'done', total: 3 } },
      gone: [],
    };
    await gallery.page.evaluate((sent) => window.postMessage(sent, '*'), done);
    await expect.poll(() => line.innerText()).toBe('2 of 3 explained; 1 could not be read');
    await gallery.page.close();
  });

  it('shows what speaks for an answer, and what speaks against it by a key or a click', async () => {
    const method = methods.find(({ info }) => info.id === 'libra_fullgrad')?.info;
    if (method === undefined) throw new Error('There is no such method.');
    const line: ExplainedSample = {
      ok: true,
      name: 'a.jpg',
      sha256: '',
      top: [{ index: 0, probability: 0.7 }],
      map: packMap(Float32Array.of(-8, 0, 1, 2), 2, 2),
      shares: { border: 1, corners: [0, 0, 0, 0] },
    };
    const pictures = [tilePictureOf(line, method, () => thumbnail)];
    const of = { ...dataset, unmatched: [], methods: [method], method: method.id };
    const gallery = await open('dark', { dataset: of, tiles: [tileOf(line)], pictures });
    const colours = (at: number) =>
      gallery.page.locator('canvas.tile-map').evaluate((element, pixel) => {
        const context = (element as HTMLCanvasElement).getContext('2d');
        return [...(context?.getImageData(pixel % 2, Math.floor(pixel / 2), 1, 1).data ?? [])];
      }, at);
    const [viridis, diverging] = [colourMaps.viridis, colourMaps['blue-red']];
    await gallery.get('tile').waitFor();
    expect(await colours(3)).toEqual([...viridis.subarray(255 * 3), 255]);
    expect(await colours(0)).toEqual(await colours(1));
    await gallery.page.keyboard.press('a');
    await expect.poll(() => colours(0)).toEqual([...diverging.subarray(0, 3), 255]);
    expect((await colours(1))[3]).toBeLessThanOrEqual(4);
    expect(await gallery.get('against').getAttribute('aria-pressed')).toBe('true');
    await gallery.get('filter-text').fill('a');
    await gallery.page.keyboard.press('a');
    expect(await gallery.get('against').getAttribute('aria-pressed')).toBe('true');
    expect(await gallery.page.evaluate('keptState.view.evidence')).toBe('for-and-against');
    await gallery.get('filter-text').fill('');
    await gallery.get('against').click();
    await expect.poll(() => colours(3)).toEqual([...viridis.subarray(255 * 3), 255]);
    expect(gallery.complaints).toEqual([]);
    await gallery.page.close();
  });

  it('asks for the pictures of the tiles in sight, of a hundred thousand, and stays quick', async () => {
    const tiles = Array.from({ length: 100_000 }, (_, index) => ({
      ...explained,
      name: `${String(index).padStart(6, '0')}.jpg`,
      probability: ((index * 7919) % 100_000) / 100_000,
    }));
    const gallery = await open('dark', { dataset: { ...dataset, unmatched: [] } }, { tiles });
    const asked: (readonly string[])[] = [];
    /** In sight, by the newest question. */
    const seen = async () => {
      for (const said of (await gallery.posted()) as readonly unknown[] as readonly FromGallery[])
        if (said.kind === 'see') asked.push(said.names);
      return asked.at(-1) ?? [];
    };
    const patience = { timeout: 15_000 };
    await expect.poll(async () => (await seen())[0], patience).toBe('000000.jpg');
    expect((await seen()).length).toBeLessThan(100);
    expect(await gallery.get('tile').count()).toBeLessThan(100);
    expect(await gallery.page.locator('canvas.tile-map').count()).toBe(0);
    const pictures = (await seen()).map((name) => ({ name, thumbnail, map: 'AECA/w==' }));
    const told: ToGallery = { kind: 'state', heard: 0, changed: { pictures }, gone: [] };
    await gallery.page.evaluate((sent) => window.postMessage(sent, '*'), told);
    await expect
      .poll(() => gallery.page.locator('canvas.tile-map').count(), patience)
      .toBe(await gallery.get('tile').count());

    await gallery.get('tiles').focus();
    await gallery.page.keyboard.press('End');
    await expect.poll(async () => (await seen()).at(-1), patience).toBe('099999.jpg');
    // Thirty screens, one after another, as by a wheel that is turned fast.
    const longest = await gallery.get('tiles').evaluate(async (element) => {
      let standstill = 0;
      let last = performance.now();
      for (let screen = 0; screen < 30; screen++) {
        element.scrollTop -= element.clientHeight;
        await new Promise<void>((resolve) => {
          requestAnimationFrame(() => resolve());
        });
        standstill = Math.max(standstill, performance.now() - last);
        last = performance.now();
      }
      return standstill;
    });
    expect(longest).toBeLessThan(500);
    await seen();
    expect(asked.length).toBeLessThan(40);
    expect(gallery.complaints).toEqual([]);
    await gallery.page.close();
  });

  it('folds doubts and many notices, and leaves the tiles their room in a small panel', async () => {
    const size = { width: 372, height: 608 };
    const notices = ['One.', 'Two.', 'Three.'].map(
      (word) => `${word} ${'A long sentence. '.repeat(9)}`,
    );
    const tiles = ['a', 'b', 'c', 'd'].map((name) => ({
      ...explained,
      name: `${name}.jpg`,
      doubt: `annotated as 1 × 1 pixels, but of other proportions than ${name}`,
    }));
    const plain = { ...dataset, unmatched: [] };
    const gallery = await openAt(size, 'dark', { dataset: { ...plain, notices } }, { tiles });
    const doubts = gallery.get('doubts');
    await expect.poll(() => doubts.innerText()).toBe('4 doubts about annotations');
    expect(await gallery.get('folded-notices').innerText()).toBe('3 notices');
    const box = await gallery.get('tile').first().boundingBox();
    expect(box?.y).toBeLessThan(340);
    expect((await gallery.get('tiles').boundingBox())?.height).toBeGreaterThan(360);

    await doubts.locator('summary').click();
    await expect.poll(() => doubts.locator('li').allInnerTexts()).toHaveLength(4);
    expect(await doubts.locator('li').first().innerText()).toMatch(
      /^a\.jpg: annotated as 1 × 1 pixels/,
    );
    const landmark = gallery.page.getByRole('region', { name: 'Notices' });
    expect(await landmark.getByTestId('doubts').count()).toBe(1);
    expect(gallery.complaints).toEqual([]);
    await gallery.page.close();
  });

  it('says nothing of where the model looks when it has seen no picture', async () => {
    const gallery = await open(
      'dark',
      { dataset: { ...dataset, unmatched: [] } },
      { tiles: [{ ok: false, name: 'a.jpg', message: 'It is empty.' }] },
      {
        summary: {
          ...nothing,
          samples: 1,
          unread: 1,
          broken: [{ name: 'a.jpg', message: 'It is empty.' }],
        },
      },
    );
    await gallery.get('tab-summary').click();
    await expect.poll(() => gallery.get('broken').innerText()).toBe('1');
    expect(await gallery.get('summary').locator('h2').count()).toBe(0);
    await gallery.page.close();
  });

  it('says how pictures were read as it says everything else', async () => {
    const summary: DatasetSummary = {
      ...nothing,
      samples: 3,
      remarks: [
        { kind: 'small-range', count: 1 },
        { kind: 'stretched', count: 2 },
      ],
    };
    const gallery = await open(
      'light',
      { dataset: { ...dataset, unmatched: [] } },
      { tiles: [explained] },
      { summary },
    );
    await gallery.get('tab-summary').click();
    const list = gallery.page.getByRole('list', { name: 'Remarks' });
    await expect.poll(() => list.locator('.icon').count()).toBe(2);
    const text = await list.innerText();
    expect(text).toContain('set “window” in the manifest');
    expect(text).not.toContain('`');
    const figures = await gallery.page.locator('.figures').boundingBox();
    expect((await list.locator('.icon').first().boundingBox())?.x).toBe(figures?.x);
    await gallery.page.close();
  });

  it('names tiles by what they hold, tells how many are right, and reports those that are shown', async () => {
    const tiles = [
      { ...explained, label: 'cat', truth: 0, truthRank: 0 },
      { ...explained, name: 'b.jpg', label: 'dog', truth: 1, truthRank: 1 },
      { ...explained, name: 'c.jpg', label: 'mule' },
      { ok: false, name: 'd.jpg', message: 'It is empty.' },
    ] as const;
    const gallery = await open('dark', { dataset: { ...dataset, unmatched: [] } }, { tiles });
    const { page } = gallery;
    for (const name of [
      /^a\.jpg, right: cat 70\s% is cat$/,
      /^b\.jpg: wrong cat 70\s% is dog$/,
      /^c\.jpg: cat 70\s% mule$/,
      /^d\.jpg: It is empty\. Could not be read$/,
    ])
      await page.getByRole('option', { name }).waitFor({ timeout: 5000 });
    expect(await gallery.get('shown').innerText()).toMatch(
      /^4 samples, 50\.0\s% of 2 labelled right$/,
    );
    expect(await gallery.get('export-chosen').count()).toBe(0);
    await gallery.get('filter-show').selectOption('wrong');
    await expect.poll(() => gallery.get('shown').innerText()).toBe('1 of 4 samples');
    await gallery.get('export-csv').click();
    await gallery.get('export-chosen').click();
    await gallery.get('export-html').click();
    await gallery.get('filter-show').selectOption('all');
    await expect.poll(() => gallery.get('export-chosen').count()).toBe(0);
    await gallery.get('export-jsonl').click();
    const saved = (await gallery.posted()).filter(
      (said) => (said as unknown as FromGallery).kind === 'export',
    );
    expect(saved).toEqual([
      { kind: 'export', format: 'csv', of: 'all' },
      { kind: 'export', format: 'html', of: 'chosen' },
      { kind: 'export', format: 'jsonl', of: 'all' },
    ]);
    expect(gallery.complaints).toEqual([]);
    await page.close();
  });

  it('tells one logit as the panel does: by the probability of its class', async () => {
    const classes = ['not tumour', 'tumour'];
    const of = { ...dataset, classes, oneSideNamed: true, unmatched: [] };
    const tiles = [0, 1].map((answer) => ({ ...explained, name: `${answer}.jpg`, answer }));
    const gallery = await open('dark', { dataset: of }, { tiles });
    const said = gallery.page.locator('.tile-answer');
    await expect
      .poll(() => said.allInnerTexts())
      .toEqual([
        expect.stringMatching(/^not tumour\s+tumour 30\s%$/),
        expect.stringMatching(/^tumour\s+70\s%$/),
      ]);
    await gallery.page.close();
  });

  it('says how pictures are prepared and what else is assumed, and leads to the model', async () => {
    const assumed: GalleryDataset['assumed'] = [
      {
        subject: 'output',
        value: 'softmax',
        reason: 'classes usually exclude each other',
        field: 'output',
      },
    ];
    const prepared = 'Prepared as timm: short side 248';
    const gallery = await open('light', {
      dataset: { ...dataset, unmatched: [], prepared, assumed },
    });
    await expect
      .poll(() => gallery.get('prepared').innerText())
      .toBe('Prepared as timm: short side 248; assumed: output Change…');
    await gallery.get('change-prepared').click();
    expect(await gallery.posted()).toContainEqual({ kind: 'showModel' });
    await gallery.page.close();
  });

  it('tells classes, calibration and the area of the border in the summary', async () => {
    const meanMap = { rows: 4, columns: 4, samples: 2, values: Array<number>(16).fill(1 / 16) };
    const summary: DatasetSummary = {
      ...nothing,
      samples: 4,
      labelled: 4,
      top1: 0.75,
      border: 0.9,
      confusion: [
        { truth: 0, answer: 0, count: 1, meanMap },
        { truth: 0, answer: 1, count: 1, meanMap },
        { truth: 1, answer: 1, count: 2, meanMap },
      ],
      meanMaps: [{ index: 0, meanMap }],
      calibration: {
        bins: [
          { samples: 1, confidence: 0.4, accuracy: 0 },
          { samples: 3, confidence: 0.9, accuracy: 1 },
        ],
        error: 0.175,
      },
    };
    const gallery = await open(
      'dark',
      { dataset: { ...dataset, unmatched: [] } },
      { tiles: [explained] },
      { summary },
    );
    await gallery.get('tab-summary').click();
    const rows = gallery.get('class-table').locator('tbody tr');
    await expect
      .poll(() => rows.allInnerTexts())
      .toEqual([
        expect.stringMatching(/^cat\s+2\s+1\s+100\.0\s%\s+50\.0\s%$/),
        expect.stringMatching(/^dog\s+2\s+3\s+66\.7\s%\s+100\.0\s%$/),
      ]);
    expect(await gallery.get('border-beside').innerText()).toMatch(/75\s% of the area/);
    expect(await gallery.get('corners-beside').innerText()).toMatch(/^each 6\.3\s% of the area/);
    expect(await gallery.get('calibration-error').innerText()).toMatch(/^17\.5\s%$/);
    const plot = gallery.get('calibration').getByRole('slider', { name: /^Right answers by/ });
    await plot.focus();
    await gallery.page.keyboard.press('End');
    expect(await plot.getAttribute('aria-valuetext')).toMatch(
      /^probability 90\s%: right 100\s%, as sure as right 90\s%$/,
    );
    await gallery.get('class-samples').first().click();
    await expect.poll(() => gallery.get('filter-class').inputValue()).toBe('0');
    expect(gallery.complaints).toEqual([]);
    await gallery.page.close();
  });

  it('asks for no class of a model that gives values', async () => {
    const { probability, ...rest } = explained;
    expect(probability).toBe(0.7);
    const tiles = [0.5, 2].map((value) => ({ ...rest, name: `${value}.jpg`, value }));
    const meanMap = { rows: 1, columns: 1, samples: 2, values: [1] };
    const summary: DatasetSummary = {
      ...nothing,
      samples: 2,
      values: { least: 0.5, mean: 1.25, most: 2 },
      meanMaps: [{ index: 0, meanMap }],
    };
    const gallery = await open(
      'dark',
      { dataset: { ...dataset, classes: ['age'], unmatched: [] } },
      { tiles },
      { summary },
    );
    await expect.poll(() => gallery.get('tile').count()).toBe(2);
    expect(await gallery.get('filter-class').count()).toBe(0);
    expect(await gallery.get('filter-text').getAttribute('placeholder')).toBe('Name or label');
    await gallery.get('tab-summary').click();
    const title = gallery.get('summary').locator('h2');
    await expect.poll(() => title.allInnerTexts()).toEqual(['Where the model looks']);
    await gallery.get('mean-map').click();
    await expect.poll(() => gallery.get('tile').count()).toBe(2);
    expect(await gallery.get('filter-class').count()).toBe(0);
    await gallery.page.close();
  });
});
