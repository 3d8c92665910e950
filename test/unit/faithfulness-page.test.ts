/** How faithful a map is, as the panel shows it in a real browser. */
import { expect, it } from 'vitest';
import type { PanelFact } from '../../src/shared/panel/panel-facts';
import { describePanel } from '../fixtures/panel/describe-panel';
import { faithfulnessOf } from '../fixtures/panel/faithfulness';
import { busyFact, explainedFact, resultOf, shownFacts } from '../fixtures/panel/panel-facts';
import type { PanelPage } from '../fixtures/panel/panel-page';

/** A picture of 40 × 20 pixels: its left half red, its right half green. */
const imageSrc = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="20" height="20" fill="#f00"/><rect x="20" width="20" height="20" fill="#0f0"/></svg>',
)}`;
const show = shownFacts({
  uri: 'file:///photo.svg',
  fileName: 'photo.svg',
  imageSrc,
  models: [],
  methods: [],
  modelId: 'a',
  method: 'rollout',
  labels: ['cat', 'dog'],
  colourMap: 'inferno',
});
const map = (index: number, label: string) => ({
  index,
  label,
  values: Float32Array.from({ length: 16 }, (_, at) => (at * 7 + index) % 16),
  shape: [4, 4] as const,
});
const result = resultOf({
  modelId: 'a',
  method: 'rollout',
  grid: [4, 4],
  // The model saw its middle half.
  window: { imageWidth: 40, imageHeight: 20, left: 10, top: 0, width: 20, height: 20 },
  topK: [
    { index: 1, label: 'dog', probability: 0.7, logit: 3.25 },
    { index: 0, label: 'cat', probability: 0.2, logit: -2 },
  ],
  heatmaps: [map(1, 'dog'), map(0, 'cat')],
});
const explained = explainedFact(result);
const measured = (index: number, other = {}): PanelFact => ({
  kind: 'measured',
  map: {
    modelId: 'a',
    modelSha256: 'abc',
    method: 'rollout',
    index,
    faithfulness: faithfulnessOf(other),
  },
});

describePanel('the faithfulness of a map in Chromium', (openPanel) => {
  let panel: PanelPage;

  async function open(...facts: readonly PanelFact[]): Promise<void> {
    panel = await openPanel({ size: { width: 1000, height: 1400 } });
    await panel.send(show, explained, ...facts);
    await panel.posted();
  }

  it('is asked for by button and key, of the class in sight', async () => {
    await open();
    await panel.get('measure-faithfulness').click();
    expect(await panel.posted()).toEqual([{ kind: 'measureFaithfulness', index: 1 }]);
    expect(await panel.get('activity').textContent()).toContain('how faithful the map is…');
    expect(await panel.get('measure-faithfulness').isDisabled()).toBe(true);
    await panel.page.keyboard.press('f');
    expect(await panel.posted()).toEqual([]);
    await panel.send(measured(1));
    await panel.page.keyboard.press('f');
    expect(await panel.posted()).toEqual([]);
    await panel.page.keyboard.press('2');
    await panel.page.keyboard.press('f');
    expect(await panel.posted()).toEqual([
      { kind: 'chooseClass', index: 0 },
      { kind: 'measureFaithfulness', index: 0 },
    ]);
  });

  it('is asked for of one class rather than another', async () => {
    const contrast = { index: 1, against: 0 };
    await open();
    await panel.get('contrast').selectOption('0');
    await panel.posted();
    const [map] = result.heatmaps;
    if (map === undefined) throw new Error('a class is explained');
    const { modelId, modelSha256, method } = result;
    const heatmap = { ...map, ...contrast, againstLabel: 'cat' };
    await panel.send({ kind: 'contrasted', modelId, method, heatmap });
    await panel.get('measure-faithfulness').click();
    expect(await panel.posted()).toEqual([{ kind: 'measureFaithfulness', ...contrast }]);
    const faithfulness = faithfulnessOf({});
    await panel.send({
      kind: 'measured',
      map: { modelId, modelSha256, method, ...contrast, faithfulness },
    });
    expect(
      await panel.page.getByText('Probability of “dog” rather than “cat”').count(),
    ).toBeGreaterThan(0);
  });

  it('tells how far it is, and is cancelled', async () => {
    await open({
      kind: 'activity',
      activity: { kind: 'busy', phrase: 'Taking patches away', share: 0.25 },
    });
    const progress = panel.page.getByRole('progressbar', { name: 'Taking patches away' });
    expect(await progress.getAttribute('value')).toBe('0.25');
    await panel.get('cancel').click();
    expect(await panel.posted()).toEqual([{ kind: 'cancel' }]);
    await panel.send(busyFact('Opening'));
    expect(await panel.page.getByRole('progressbar').count()).toBe(0);
  });

  it('stands below the map that it is of, and below no other', async () => {
    await open(measured(1));
    expect(await panel.get('faithfulness').innerText()).toBe('It beats both controls.');
    await panel.page.keyboard.press('2');
    expect(await panel.get('faithfulness').count()).toBe(0);
    expect(await panel.get('measure-faithfulness').isEnabled()).toBe(true);
    await panel.send(measured(0, { sentence: 'Of the cat.' }));
    expect(await panel.get('faithfulness').innerText()).toBe('Of the cat.');
    await panel.page.keyboard.press('1');
    expect(await panel.get('faithfulness').innerText()).toBe('It beats both controls.');
  });

  it('warns where the map does not beat the controls', async () => {
    await open(measured(1, { trusted: false, sentence: 'It does not beat the centre.' }));
    expect(await panel.get('faithfulness').getAttribute('data-trusted')).toBe('false');
    expect(await panel.get('faithfulness').innerText()).toBe('It does not beat the centre.');
  });

  it('tells the points of the curves under the pointer and by keys, and all of them in a table', async () => {
    await open(measured(1));
    const plot = panel.get('plot');
    expect(await plot.getAttribute('role')).toBe('slider');
    await plot.focus();
    for (let press = 0; press < 3; press += 1) await panel.page.keyboard.press('ArrowRight');
    expect(await plot.getAttribute('aria-valuetext')).toBe(
      '30\u00A0% of patches taken away: most relevant first 27\u00A0%, least relevant first 79\u00A0%',
    );
    expect(await panel.get('plot-share').textContent()).toBe('30\u00A0% of patches taken away');
    expect(await panel.get('plot-legend').innerText()).toMatch(
      /^most relevant first\s*27\u00A0%\s*least relevant first\s*79\u00A0%$/,
    );
    await panel.page.keyboard.press('End');
    expect(await plot.getAttribute('aria-valuenow')).toBe('10');

    const box = await plot.boundingBox();
    if (box === null) throw new Error('There is no plot.');
    // The axis goes from 40 to 292 of 300.
    const x = box.x + (box.width * (40 + 0.52 * 252)) / 300;
    await panel.page.mouse.move(x, box.y + box.height / 2);
    expect(await panel.get('plot-share').textContent()).toBe('50\u00A0% of patches taken away');
    const mark = await panel.get('plot-mark').locator('circle').nth(0).boundingBox();
    expect((mark?.x ?? 0) + (mark?.width ?? 0) / 2).toBeCloseTo(
      box.x + (box.width * (40 + 0.5 * 252)) / 300,
      0,
    );

    await panel.page.getByText('The curves as a table').click();
    const rows = await panel.get('plot-table').locator('tbody tr').allInnerTexts();
    expect(rows).toHaveLength(11);
    expect(rows[3]?.split(/\t/)).toEqual(['30\u00A0%', '27\u00A0%', '79\u00A0%']);
  });

  it('does not walk on or zoom by the keys of the plot', async () => {
    await open(measured(1));
    await panel.send({
      kind: 'walking',
      filmstrip: {
        gallery: 'photos',
        title: 'photos',
        total: 3,
        all: 3,
        at: 1,
        near: 1,
        current: undefined,
        first: 0,
        frames: [],
        shown: true,
      },
    });
    await panel.posted();
    await panel.get('plot').focus();
    await panel.page.keyboard.press('ArrowRight');
    await panel.page.keyboard.press('End');
    expect((await panel.posted()).filter(({ kind }) => kind === 'step' || kind === 'walk')).toEqual(
      [],
    );
  });

  it('shows what is left of what the model saw: the most relevant patches', async () => {
    // The upper half first, row by row.
    await open(measured(1, { order: Array.from({ length: 16 }, (_, at) => at) }));
    const half = panel.get('kept-picture').nth(2);
    expect(await half.innerText()).toMatch(/^50\u00A0% left:\s*75\u00A0%$/);
    const window = half.locator('.kept-window');
    const { width = 0, height = 0 } = (await window.boundingBox()) ?? {};
    expect(width / height).toBeCloseTo(1, 1);
    const png = (await window.screenshot()).toString('base64');
    const colours = await panel.page.evaluate(async (data) => {
      const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const context = canvas.getContext('2d');
      context?.drawImage(bitmap, 0, 0);
      const at = (x: number, y: number) => [
        ...(context?.getImageData(bitmap.width * x, bitmap.height * y, 1, 1).data ?? []),
      ];
      return { left: at(0.3, 0.3), right: at(0.7, 0.3), below: at(0.3, 0.7), under: at(0.7, 0.7) };
    }, png);
    expect(colours.left).toEqual([255, 0, 0, 255]);
    expect(colours.right).toEqual([0, 255, 0, 255]);
    expect(colours.below).toEqual(colours.under);
    expect(colours.below).not.toEqual(colours.left);
  });

  it('puts the figures beside those of the controls', async () => {
    await open(measured(1));
    await panel.page.getByText('The figures').click();
    const rows = await panel.get('faithfulness-figures').locator('tr').allInnerTexts();
    expect(rows.map((row) => row.trim().split(/\s*\t\s*/))).toEqual([
      ['ABC', 'Deletion', 'Insertion', 'SaCo'],
      ['This map', '0.42', '0.20', '0.62', '0.71'],
      ['Centre', '0.16', '0.32', '0.48', '0.02'],
      ['Random', '0.00', '0.40', '0.40', '0.02'],
    ]);
  });
});
