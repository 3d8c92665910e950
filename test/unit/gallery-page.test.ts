/** The gallery in a real browser, told what the extension tells it. */
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ToGallery } from '../../src/shared/gallery-protocol';
import { bundlePanel, PanelPage } from '../fixtures/panel/panel-page';

const executablePath = '/usr/bin/chromium';

const dataset: Extract<ToGallery, { kind: 'dataset' }> = {
  kind: 'dataset',
  title: 'captions.csv',
  sources: ['file:///captions.csv'],
  total: 10_000,
  classes: ['cat', 'dog'],
  grid: [2, 2],
  models: [],
  modelId: 'a',
  methods: [],
  method: 'rollout',
  colourMap: 'viridis',
  unmatched: Array.from({ length: 10_000 }, (_, index) => `caption ${index}`),
  mappingFile: 'vit-labels.json',
  skipped: [],
  notices: [],
};

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

  async function open(...messages: readonly ToGallery[]): Promise<PanelPage> {
    const size = { width: 1000, height: 700 };
    const gallery = await PanelPage.open(browser, files, { theme: 'dark', size });
    for (const message of messages) {
      await gallery.page.evaluate((sent) => window.postMessage(sent, '*'), message);
    }
    return gallery;
  }

  it('asks for the meaning of a hundred labels at a time, and when it is asked to', async () => {
    const gallery = await open(dataset);
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

  it('says nothing of where the model looks when it has seen no picture', async () => {
    const gallery = await open(
      { ...dataset, unmatched: [] },
      { kind: 'tiles', tiles: [{ ok: false, name: 'a.jpg', message: 'It is empty.' }] },
      {
        kind: 'summary',
        summary: {
          samples: 1,
          broken: [{ name: 'a.jpg', message: 'It is empty.' }],
          labelled: 0,
          top1: undefined,
          top5: undefined,
          loss: undefined,
          confusion: [],
          meanMaps: [],
          border: 0,
          corners: [0, 0, 0, 0],
          outside: undefined,
          remarks: [],
          mistakes: [],
        },
      },
    );
    await gallery.get('tab-summary').click();
    await expect.poll(() => gallery.get('broken').innerText()).toBe('1');
    expect(await gallery.get('summary').locator('h2').count()).toBe(0);
    await gallery.page.close();
  });
});
