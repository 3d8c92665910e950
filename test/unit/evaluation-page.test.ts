/** The page that compares methods, in a real browser, told what the extension tells it. */
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluationTable } from '../../src/dataset/evaluation/evaluation-table';
import { summariseEvaluation } from '../../src/dataset/evaluation/summarise-evaluation';
import {
  freshEvaluation,
  type Comparison,
  type EvaluationState,
} from '../../src/shared/evaluation-page/evaluation-state';
import { intended } from '../../src/shared/evaluation-page/evaluation-intents';
import type { ToEvaluation } from '../../src/shared/protocol/evaluation';
import { galleryDataset } from '../fixtures/gallery-dataset';
import { evaluatedPicture, measuredMap } from '../fixtures/evaluation/records';
import { methodInfo } from '../fixtures/panel/method-info';
import { bundlePanel, PanelPage } from '../fixtures/panel/panel-page';

const executablePath = '/usr/bin/chromium';
const pixel = 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=';

const dataset = galleryDataset({
  title: 'animals',
  sources: ['file:///animals'],
  total: 60,
  models: [
    { id: 'a', name: 'Model A', onDisk: true, bytes: 1, licence: 'MIT', source: 'shipped' },
    { id: 'b', name: 'Model B', onDisk: true, bytes: 1, licence: 'MIT', source: 'own' },
  ],
});

const pictures = Array.from({ length: 24 }, (_, at) =>
  evaluatedPicture(`p${at}.jpg`, {
    lrp: measuredMap(0.5 + at / 100),
    rollout: measuredMap(0.2 + at / 100),
  }),
);

function comparisonOf(costs: EvaluationState['costs']): Comparison {
  const summary = summariseEvaluation(pictures, 'rollout');
  const names = summary.rows.flatMap(({ best, worst }) => [...best, ...worst]);
  return {
    summary,
    table: evaluationTable(summary, Object.keys(costs).length === 0 ? undefined : costs),
    shares: [0, 0.5, 1],
    addresses: Object.fromEntries(names.map((name) => [name, pixel])),
  };
}

const compared: EvaluationState['compared'] = {
  methods: [methodInfo('lrp', 'Relevance'), methodInfo('rollout', 'Rollout')],
  drawn: 50,
  methodInUse: 'rollout',
  keptIn: 'manifest',
};
const running: Partial<EvaluationState> = {
  dataset,
  compared,
  comparison: comparisonOf({}),
  progress: { kind: 'running', done: 24, total: 50, isAll: true },
};

describe.skipIf(!existsSync(executablePath))('the comparison of methods in Chromium', () => {
  let browser: Browser;
  let files: ReadonlyMap<string, string>;

  beforeAll(async () => {
    [browser, files] = await Promise.all([
      chromium.launch({ executablePath, args: ['--no-sandbox'] }),
      bundlePanel('src/webview/evaluation.tsx'),
    ]);
  });
  afterAll(() => browser.close());

  async function tell(page: PanelPage, changed: Partial<EvaluationState>): Promise<void> {
    const message: ToEvaluation = { kind: 'state', heard: 0, changed, gone: [] };
    await page.page.evaluate((sent) => window.postMessage(sent, '*'), message);
  }

  async function open(
    changed: Partial<EvaluationState>,
    size = { width: 1000, height: 900 },
  ): Promise<PanelPage> {
    const page = await PanelPage.open(browser, files, { theme: 'dark', size });
    await tell(page, changed);
    await page.get('evaluation-model').waitFor();
    await page.posted();
    return page;
  }

  async function close(page: PanelPage): Promise<void> {
    expect(page.complaints).toEqual([]);
    await page.page.close();
  }

  it('tells how far it is, and pauses, goes on and stops', async () => {
    const page = await open(running);
    expect(await page.get('progress').innerText()).toMatch(/^24 of 50 measured/);
    await page.get('pause').click();
    await page.get('cancel').click();
    expect(await page.posted()).toEqual([{ kind: 'pause' }, { kind: 'cancel' }]);
    await tell(page, { progress: { kind: 'cancelled', done: 24, total: 50, isAll: true } });
    await page.get('retry').click();
    expect(await page.posted()).toEqual([{ kind: 'retry' }]);
    await close(page);
  });

  it('shows methods and controls, best first, with what the figures rest on', async () => {
    const page = await open(running);
    const rows = page.get('method-row');
    expect(await rows.evaluateAll((all) => all.map((row) => row.getAttribute('data-id')))).toEqual([
      'lrp',
      'rollout',
      'centre',
      'random',
    ]);
    expect(await rows.nth(0).innerText()).toMatch(/^Relevance\s+0\.6\d* ± 0\.0\d+/);
    expect(await rows.nth(1).innerText()).toMatch(/^Rollout in use/);
    expect(await page.get('methods').locator('thead').innerText()).not.toContain('Cost');
    await tell(page, { comparison: comparisonOf({ lrp: 2.4, rollout: 1.1 }) });
    await expect.poll(() => rows.nth(0).innerText()).toMatch(/2\.4$/);
    await close(page);
  });

  it('makes a method that of the model, and says which one is', async () => {
    const page = await open(running);
    expect(await page.get('advice').innerText()).toMatch(/^Use lrp for this model/);
    await page.get('use-method').click();
    expect(await page.posted()).toEqual([{ kind: 'useMethod', method: 'lrp' }]);
    await tell(page, { compared: { ...compared, methodInUse: 'lrp' } });
    await expect
      .poll(() => page.get('method-used').innerText())
      .toBe('Relevance is this model’s method.');
    await close(page);
  });

  it('shows the chosen method’s curves beside those of the one in use, and its pictures', async () => {
    const page = await open(running);
    const detail = page.get('method-detail');
    expect(await detail.locator('h2').innerText()).toBe('Relevance');
    expect(await page.get('plot-legend').locator('li').count()).toBe(4);
    await page.get('plot').focus();
    await page.page.keyboard.press('End');
    expect(await page.get('plot').getAttribute('aria-valuetext')).toMatch(
      /^100\s% of patches taken away: most relevant first 0\s%/,
    );
    const first = page.get('method-picture').first();
    expect(await first.getAttribute('data-name')).toBe('p23.jpg');
    await first.click();
    expect(await page.posted()).toEqual([{ kind: 'open', name: 'p23.jpg', method: 'lrp' }]);

    await page.get('method-row').nth(1).getByRole('button').click();
    expect(await detail.locator('h2').innerText()).toBe('Rollout');
    expect(await page.get('plot-legend').locator('li').count()).toBe(2);
    await page.get('method-row').nth(2).getByRole('button').click();
    expect(await page.get('plot').count()).toBe(0);
    await close(page);
  });

  it('asks for other pictures, another model and reports', async () => {
    const page = await open(running);
    const counts = page.get('evaluation-pictures');
    expect(await counts.locator('option').allInnerTexts()).toEqual([
      '25 of 60',
      '50 of 60',
      'All 60',
    ]);
    await page.get('export-csv').click();
    await counts.selectOption('All 60');
    expect(await page.posted()).toEqual([
      { kind: 'export', format: 'csv' },
      { kind: 'choosePictures', pictures: 100 },
    ]);
    expect(await page.get('methods').count()).toBe(0);
    expect(await page.get('export-csv').isDisabled()).toBe(true);
    await page.get('evaluation-model').selectOption('b');
    expect(await page.posted()).toEqual([{ kind: 'chooseModel', modelId: 'b' }]);
    expect(await page.page.evaluate('keptState')).toEqual({
      sources: ['file:///animals'],
      modelId: 'b',
      pictures: 100,
    });
    await close(page);
  });

  it('scrolls its table alone in a narrow page', async () => {
    const page = await open(running, { width: 340, height: 700 });
    const width = await page.page.evaluate('document.documentElement.scrollWidth');
    expect(width).toBeLessThanOrEqual(340);
    await close(page);
  });
});

describe('what is asked of a comparison', () => {
  it('lets go of what answers something else, and keeps how many pictures are wanted', () => {
    const state = { ...freshEvaluation({ pictures: 50 }), ...running, costs: { lrp: 2 } };
    const other = intended(state, { kind: 'chooseModel', modelId: 'b' });
    expect(other).toMatchObject({ asked: { modelId: 'b', pictures: 50 }, costs: {} });
    expect(other.comparison).toBeUndefined();
    expect(other.dataset).toBe(dataset);
    expect(intended(state, { kind: 'pause' })).toBe(state);
  });
});
