/** The built panel in a real browser, under the content security policy of the real page. */
import { expect, it } from 'vitest';
import { usualLook, type Look, type MapKind } from '../../src/shared/look';
import { shownMap } from '../../src/shared/shown-map';
import type { Assumption } from '../../src/shared/assumption';
import type { Heatmap } from '../../src/shared/explanation';
import { markupOf } from '../../src/extension/panel/first-picture';
import { Failure, failureData } from '../../src/shared/failure';
import type { PanelFact } from '../../src/shared/panel/panel-facts';
import type { ExplainResult } from '../../src/shared/protocol/explain';
import { drawHeatmap, type HeatmapStyle } from '../../src/webview/draw-heatmap';
import type { KeptPage } from '../../src/webview/panel-state';
import { describePanel } from '../fixtures/panel/describe-panel';
import {
  busyFact,
  explainedFact,
  resultOf,
  shownFacts,
  type Shown,
} from '../fixtures/panel/panel-facts';
import type { PanelPage } from '../fixtures/panel/panel-page';

/** A picture of 40 × 20 pixels, all one orange. */
const picture = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20" fill="#f80"/></svg>',
)}`;
/** The model saw its middle half. */
const area = { imageWidth: 40, imageHeight: 20, left: 10, top: 0, width: 20, height: 20 };

const shown: Shown = {
  uri: 'file:///photo.svg',
  fileName: 'photo.svg',
  imageSrc: picture,
  models: [
    { id: 'a', name: 'Model A', onDisk: true, bytes: 1, licence: 'MIT', source: 'shipped' },
    { id: 'b', name: 'Model B', onDisk: false, bytes: 3e8, licence: 'MIT', source: 'catalog' },
  ],
  methods: ['rollout', 'lrp'].map((id) => ({
    id,
    name: `Method ${id}`,
    sentence: `What ${id} shows.`,
    paper: { title: 'A Paper', authors: 'Someone', year: 2020, url: 'https://example.org/' },
    classSpecific: true,
    cost: 2,
    misleads: `Where ${id} misleads.`,
    signed: id === 'lrp',
    pixels: false,
  })),
  modelId: 'a',
  method: 'rollout',
  labels: ['cat', 'dog', 'owl', 'fox'],
  colourMap: 'inferno',
};
const show = shownFacts(shown);
const showing = (other: Partial<Shown>) => shownFacts({ ...shown, ...other });

function map(index: number, label: string): Heatmap {
  const values = Float32Array.from({ length: 16 }, (_, at) => ((at * 7 + index * 3) % 16) - 4);
  return { index, label, values, shape: [4, 4] };
}

const dog = map(1, 'dog');
const cat = map(0, 'cat');
const result = resultOf({
  method: 'rollout',
  preset: 'model',
  modelId: 'a',
  grid: [4, 4],
  window: area,
  topK: [
    { index: 1, label: 'dog', probability: 0.7, logit: 3.25 },
    { index: 0, label: 'cat', probability: 0.2, logit: -2 },
  ],
  heatmaps: [dog, cat],
});
const explained = explainedFact(result);
const answered = (other: Partial<ExplainResult>): PanelFact =>
  explainedFact({ ...result, ...other });
const plain: MapKind = { signed: false, pixels: false };
const signed: MapKind = { signed: true, pixels: false };
const inferno: HeatmapStyle = {
  colourMap: 'inferno',
  smooth: true,
  otsu: false,
};

describePanel('the panel in Chromium', (openPanel) => {
  let panel: PanelPage;

  async function open(kept?: KeptPage): Promise<void> {
    panel = await openPanel(kept && { kept });
  }

  /** The canvas’s pixels. */
  async function drawn(): Promise<{ width: number; height: number; pixels: number[] }> {
    return panel.get('heatmap').evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const { width, height } = canvas;
      const data = canvas.getContext('2d')?.getImageData(0, 0, width, height).data;
      return { width, height, pixels: [...(data ?? [])] };
    });
  }

  /** A canvas keeps colours multiplied by their alpha, so weak ones come back rounded: within two levels. */
  async function expectDrawn(
    heatmap: Heatmap,
    style: HeatmapStyle,
    kind: MapKind = plain,
    look: Look = usualLook,
  ): Promise<void> {
    const expected = drawHeatmap(shownMap(heatmap, kind, [4, 4], look), style);
    await expect
      .poll(async () => {
        const { width, height, pixels } = await drawn();
        if (width !== expected.width || height !== expected.height) return Infinity;
        return expected.pixels.reduce((worst, value, place) => {
          const alpha = expected.pixels[place - (place % 4) + 3] ?? 255;
          const seen = Math.abs((pixels[place] ?? NaN) - value);
          return Math.max(worst, place % 4 === 3 ? seen : (seen * alpha) / 255);
        }, 0);
      })
      .toBeLessThanOrEqual(2);
  }

  it('says that it is ready and waits', async () => {
    await open();
    expect(await panel.posted()).toEqual([{ kind: 'ready' }]);
    expect(await panel.get('empty').isVisible()).toBe(true);
  });

  it('draws the map of the best class over exactly what the model saw', async () => {
    await open();
    await panel.send(show, explained);
    await expectDrawn(dog, inferno);
    const whole = await panel.get('picture').boundingBox();
    const seen = await panel.get('heatmap').boundingBox();
    if (whole === null || seen === null) throw new Error('Nothing is shown.');
    expect(whole.width / whole.height).toBeCloseTo(2, 1);
    expect((seen.x - whole.x) / whole.width).toBeCloseTo(0.25, 2);
    expect(seen.width / whole.width).toBeCloseTo(0.5, 2);
    expect(seen.height / whole.height).toBeCloseTo(1, 2);
    expect(await panel.get('summary').textContent()).toMatch(/^Evidence for “dog” is /);
  });

  it('says how the picture is prepared and what was assumed, and leads to the model’s page', async () => {
    await open();
    const assumption = (subject: Assumption['subject']): Assumption => ({
      subject,
      value: '3',
      reason: 'it is the custom',
      field: 'architecture.heads',
    });
    const line = panel.get('prepared');
    const prepared = 'Prepared as timm ViT: short side 248, centre 224, mean 0.5';
    await panel.send(show, explained);
    expect(await line.innerText()).toBe(`${prepared} Change…`);
    const assumed = (
      ['preprocessing', 'attention heads', 'activation', 'readout', 'weights'] as const
    ).map(assumption);
    await panel.send(show, answered({ assumed }));
    await expect
      .poll(() => line.innerText())
      .toBe(`${prepared}; assumed: attention heads, activation and 2 more Change…`);
    await panel.get('change-prepared').focus();
    await panel.page.keyboard.press('Enter');
    expect(await panel.posted()).toContainEqual({ kind: 'showModel' });
    await panel.get('model').selectOption('b');
    expect(await line.count()).toBe(0);
  });

  it('is used by keys alone', async () => {
    await open();
    await panel.send(show, explained);
    const { keyboard } = panel.page;
    await keyboard.press('2');
    await expectDrawn(cat, inferno);
    await keyboard.press('s');
    await expectDrawn(cat, { ...inferno, smooth: false });
    await keyboard.press('t');
    await expectDrawn(cat, { ...inferno, smooth: false, otsu: true });
    await keyboard.press('o');
    await expect.poll(() => opacity()).toBe(0);
    await keyboard.press('o');
    await keyboard.press('+');
    await expect.poll(() => opacity()).toBeCloseTo(0.8);

    await panel.get('map').focus();
    await keyboard.press('ArrowUp');
    await keyboard.press('ArrowUp');
    const readout = await panel.get('readout').textContent();
    expect(readout).toContain(`Row 2 of 4, column 3 of 4: relevance ${cat.values[6] ?? NaN}`);
    await keyboard.press('?');
    expect(await panel.get('help').isVisible()).toBe(true);
    await keyboard.press('Escape');
    expect(await panel.get('help').isVisible()).toBe(false);
  });

  function opacity(): Promise<number> {
    return panel.get('heatmap').evaluate((element) => Number(getComputedStyle(element).opacity));
  }

  it('shows the picture alone while a key is held', async () => {
    await open();
    await panel.send(show, explained);
    await panel.page.keyboard.down('o');
    await panel.page.waitForTimeout(500);
    expect(await opacity()).toBe(0);
    await panel.page.keyboard.up('o');
    await expect.poll(() => opacity()).toBeGreaterThan(0.4);
  });

  it('tells the patch under the pointer', async () => {
    await open();
    await panel.send(show, explained);
    const box = await panel.get('map').boundingBox();
    if (box === null) throw new Error('No map is shown.');
    await panel.page.mouse.move(box.x + box.width * 0.9, box.y + box.height * 0.1);
    expect(await panel.get('readout').textContent()).toContain('Row 1 of 4, column 4 of 4');
  });

  it('finds any other class and asks for its map', async () => {
    await open();
    await panel.send(show, explained);
    await panel.posted();
    await panel.page.keyboard.press('/');
    await panel.page.keyboard.type('fo');
    await panel.page.keyboard.press('Enter');
    expect(await panel.posted()).toEqual([
      { kind: 'chooseClass', index: 3 },
      { kind: 'explainClass', index: 3 },
    ]);
    expect(await panel.get('heatmap').count()).toBe(0);
    const fox = { ...map(3, 'fox'), probability: 0.03, logit: 0.5 };
    await panel.send(answered({ heatmaps: [dog, cat, fox] }));
    await expectDrawn(fox, inferno);
  });

  it('loses no click to a message that goes when the class field is left', async () => {
    await open();
    await panel.send(show, explained);
    await panel.get('class-picker').fill('no such class');
    expect(await panel.get('class-unknown').isVisible()).toBe(true);
    const button = panel.get('measure-stability');
    await button.scrollIntoViewIfNeeded();
    const box = await button.boundingBox();
    if (box === null) throw new Error('There is no button.');
    await panel.posted();
    await panel.page.mouse.move(box.x + box.width / 2, box.y + 4);
    await panel.page.mouse.down();
    expect((await button.boundingBox())?.y).toBe(box.y);
    await panel.page.mouse.up();
    expect(await panel.posted()).toEqual([{ kind: 'measureStability' }]);
  });

  it('keeps the focus behind the class field while a class is explained, and where a measure was asked', async () => {
    await open();
    await panel.send(show, explained);
    const { keyboard } = panel.page;
    const focused = () =>
      panel.page.evaluate(() => document.activeElement?.getAttribute('data-testid') ?? 'none');
    await panel.get('class-picker').fill('fox');
    await keyboard.press('Enter');
    await panel.send();
    expect(await panel.get('activity').getAttribute('data-kind')).toBe('busy');
    await keyboard.press('Tab');
    expect(await focused()).toBe('measure-stability');
    await panel.send({ kind: 'moved', isOther: true, choices: {} });
    await panel.get('class-picker').focus();
    await panel.send(busyFact('Opening the picture'));
    expect(await focused()).toBe('class-picker');
    await panel.send(show, explained);
    expect(await focused()).toBe('class-picker');
    await panel.get('measure-stability').focus();
    await keyboard.press('Enter');
    await panel.send();
    expect(await focused()).toBe('measure-stability');
    const stability = { relativeChange: 1e-5, trusted: true, sentence: 'Stable.' };
    await panel.send(answered({ stability }));
    expect(await panel.get('stability').isVisible()).toBe(true);
    expect(
      await panel.page.evaluate(() => document.activeElement?.getAttribute('aria-label')),
    ).toBe('Numerical stability');
  });

  it('has a toolbar as high with any colours, and with a word about a copy', async () => {
    const heights = async (): Promise<number | undefined> =>
      (await panel.page.locator('.toolbar').boundingBox())?.height;
    await open();
    await panel.send(showing({ method: 'lrp' }), answered({ method: 'lrp' }));
    for (let width = 620; width <= 1400; width += 20) {
      await panel.resize(width, 800);
      const before = await heights();
      await panel.page.keyboard.press('a');
      await panel.page.locator('[data-testid="against"][aria-pressed="true"]').waitFor();
      expect(await heights(), `both signs at ${width} pixels`).toBe(before);
      await panel.page.keyboard.press('a');
      await panel.page.locator('[data-testid="against"][aria-pressed="false"]').waitFor();
    }
    await panel.page.evaluate(() => {
      Object.defineProperty(navigator, 'clipboard', { value: { write: () => Promise.resolve() } });
      Object.assign(globalThis, { ClipboardItem: Object });
    });
    for (const width of [760, 1000, 1280]) {
      await panel.resize(width, 800);
      const before = await heights();
      await panel.get('save-copy').click();
      await panel.page.getByText('Copied.').waitFor();
      expect(await heights(), `a copy at ${width} pixels`).toBe(before);
      await panel.page.keyboard.press(width === 1000 ? '1' : '2');
      await panel.page.getByText('Copied.').waitFor({ state: 'detached' });
    }
  });

  it('shows the picture that is there before its script has run, until it is told of another', async () => {
    const { uri, fileName, imageSrc } = shown;
    panel = await openPanel({ first: markupOf({ uri, fileName, place: '', imageSrc }) });
    await panel.page.locator('[data-testid="picture"][data-image="loaded"]').waitFor();
    // The same element: nothing is loaded twice, and nothing jumps.
    expect(await panel.page.locator('img').count()).toBe(1);
    expect(await panel.page.locator('img[data-uri]').count()).toBe(0);
    expect(await panel.page.locator('h1').innerText()).toBe(shown.fileName);
    await panel.send(show, explained);
    await expectDrawn(dog, inferno);
    await panel.send(showing({ uri: 'file:///other.svg', fileName: 'other.svg' }));
    expect(await panel.page.locator('h1').innerText()).toBe('other.svg');
  });

  it('says at once of a method that measuring went against it', async () => {
    const methods = shown.methods.map((method) =>
      method.id === 'lrp' ? { ...method, caution: 'No better than the centre.' } : method,
    );
    panel = await openPanel({});
    await panel.send(showing({ methods }));
    expect(await panel.get('method-caution').count()).toBe(0);
    await panel.send(showing({ methods, method: 'lrp' }));
    expect(await panel.get('method-caution').innerText()).toBe('No better than the centre.');
  });

  it('draws no map before its picture', async () => {
    await open();
    let loads = (): void => undefined;
    const until = new Promise<void>((resolve) => (loads = resolve));
    await panel.page.route('**/late.svg', async (route) => {
      await until;
      const body = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"/>';
      await route.fulfill({ body, contentType: 'image/svg+xml' });
    });
    await panel.send(showing({ imageSrc: 'http://panel.test/late.svg' }), explained);
    await panel.get('summary').getByText('dog').waitFor();
    expect(await panel.get('heatmap').count()).toBe(0);
    loads();
    await panel.get('heatmap').waitFor();
  });

  it('has the answers right below the picture where it is narrow, all of it within reach', async () => {
    await open();
    await panel.send(show, explained);
    for (const width of [320, 400, 599]) {
      await panel.resize(width, 600);
      const tops = await panel.page.evaluate(() =>
        ['stage', 'classes', 'opacity', 'model', 'measure-stability'].map(
          (name) =>
            document.querySelector(`[data-testid="${name}"]`)?.getBoundingClientRect().top ?? -1,
        ),
      );
      expect(tops).toEqual([...tops].sort((a, b) => a - b));
      const beyond = await panel.page.evaluate(() =>
        [...document.querySelectorAll('button, input, select, h1')]
          .filter((element) => element.getBoundingClientRect().right > innerWidth)
          .map((element) => element.outerHTML),
      );
      expect(beyond).toEqual([]);
      await panel.get('save-npy').click({ trial: true });
      await panel.get('measure-faithfulness').click({ trial: true });
    }
    await panel.resize(600, 600);
    const [stage, classes] = await Promise.all(
      ['stage', 'classes'].map((name) => panel.get(name).boundingBox()),
    );
    expect(classes?.x).toBeGreaterThan((stage?.x ?? 0) + (stage?.width ?? 0) - 1);
  });

  it('has a menu of its own on the picture, by the pointer and by keys, and copies by Ctrl+C', async () => {
    await open();
    await panel.send(show, explained);
    await panel.page.evaluate(() => {
      Object.defineProperty(navigator, 'clipboard', { value: { write: () => Promise.resolve() } });
      Object.assign(globalThis, { ClipboardItem: Object });
    });
    await panel.posted();
    const { keyboard } = panel.page;
    const menu = panel.get('context-menu');
    await panel.get('map').click({ button: 'right' });
    await panel.get('menu-reveal').click();
    expect(await menu.count()).toBe(0);
    expect(await panel.posted()).toEqual([{ kind: 'reveal' }]);
    const focused = () =>
      panel.page.evaluate(() => document.activeElement?.getAttribute('data-testid'));
    expect(await focused()).toBe('map');
    await keyboard.press('Shift+F10');
    await menu.waitFor();
    expect(await focused()).toBe('menu-copy');
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await expect.poll(() => panel.posted()).toMatchObject([{ kind: 'save', format: 'png' }]);
    await keyboard.press('Shift+F10');
    await keyboard.press('Escape');
    expect(await menu.count()).toBe(0);
    expect(await focused()).toBe('map');
    await keyboard.press('Control+c');
    await panel.page.getByText('Copied.').waitFor();
    await keyboard.press('2');
    await panel.page.getByText('Copied.').waitFor({ state: 'detached' });
    await panel.get('class-picker').focus();
    await keyboard.press('Control+c');
    expect(await panel.page.getByText('Copied.').count()).toBe(0);
    // Whole, also where there is little room.
    await panel.page.mouse.click(5, 5);
    const box = await panel.get('stage').boundingBox();
    await panel.page.mouse.click((box?.x ?? 0) + (box?.width ?? 0) - 2, (box?.height ?? 0) - 2, {
      button: 'right',
    });
    const place = await menu.boundingBox();
    const { width = 0, height = 0 } = panel.page.viewportSize() ?? {};
    expect((place?.x ?? Infinity) + (place?.width ?? 0)).toBeLessThanOrEqual(width);
    expect((place?.y ?? Infinity) + (place?.height ?? 0)).toBeLessThanOrEqual(height);
  });

  it('has the label of a sample as a row, with a key of its own', async () => {
    await open();
    const label = { index: 3, name: 'fox' };
    await panel.send({ kind: 'moved', isOther: true, choices: { label } }, show, explained);
    const row = panel.page.locator('[data-testid="class"][data-index="3"]');
    expect(await row.getByTestId('label-mark').innerText()).toBe('label');
    expect(await panel.get('label-mark').count()).toBe(1);
    await panel.posted();
    await panel.page.keyboard.press('l');
    expect(await row.locator('input').isChecked()).toBe(true);
    expect(await panel.posted()).toContainEqual({ kind: 'chooseClass', index: 3 });
    await panel.send({
      kind: 'moved',
      isOther: true,
      choices: { label: { ...label, name: 'yak' } },
    });
    await panel.send(showing({ uri: 'file:///next.png' }), explained);
    expect(await panel.get('unknown-label').innerText()).toContain('“yak”');
  });

  it('stays with a class on the next pictures until it is let go', async () => {
    await open();
    await panel.send(show, explained);
    expect(await panel.get('follow').count()).toBe(0);
    const folder = { title: 'photos', total: 3, at: 0, near: 0 };
    await panel.send({ kind: 'inFolder', folder });
    const follow = panel.get('follow');
    expect(await follow.getAttribute('aria-pressed')).toBe('false');
    await panel.page.keyboard.press('2');
    expect(await follow.getAttribute('aria-pressed')).toBe('true');
    await follow.click();
    expect(await follow.getAttribute('aria-pressed')).toBe('false');
    expect(await panel.get('class').first().locator('input').isChecked()).toBe(true);
    await panel.page.keyboard.press('b');
    expect(await follow.getAttribute('aria-pressed')).toBe('true');
  });

  it('shows no map under the name of another method', async () => {
    await open();
    await panel.send(show, explained);
    await panel.posted();
    await panel.get('method').selectOption('lrp');
    expect(await panel.get('heatmap').count()).toBe(0);
    expect(await panel.posted()).toEqual([{ kind: 'chooseMethod', method: 'lrp' }]);
    await panel.send(answered({ method: 'lrp' }));
    await expectDrawn(dog, inferno, signed);
  });

  it('shows the evidence for a class by itself, and with that against it by a key or a click', async () => {
    await open();
    await panel.send(showing({ method: 'lrp' }), answered({ method: 'lrp' }));
    const { keyboard } = panel.page;
    await expectDrawn(dog, inferno, signed);
    expect(await panel.get('colour-map').inputValue()).toBe('inferno');
    expect(await panel.get('colour-bar').textContent()).toBe('0evidence for11');
    expect(await panel.get('summary').textContent()).toContain(
      'Only what speaks for it is drawn, on its own scale.',
    );
    await panel.get('map').focus();
    for (const key of ['Home', 'Home', 'PageUp', 'PageUp']) await keyboard.press(key);
    expect(await panel.get('readout').textContent()).toContain('relevance −1');

    await keyboard.press('a');
    const both: Look = { ...usualLook, evidence: 'for-and-against' };
    await expectDrawn(dog, { ...inferno, colourMap: 'blue-red' }, signed, both);
    expect(await panel.get('against').getAttribute('aria-pressed')).toBe('true');
    expect(await panel.get('colour-map').inputValue()).toBe('blue-red');
    expect(await panel.get('colour-bar').textContent()).toBe('−11 against011 for');
    expect(await panel.get('summary').textContent()).toContain(
      'for and against is drawn, on one scale',
    );
    expect(await panel.page.evaluate('keptState.view.evidence')).toBe('for-and-against');
    await panel.get('against').click();
    await expectDrawn(dog, inferno, signed);

    const nothing = { ...dog, values: dog.values.map((value) => -Math.abs(value)) };
    await panel.send(answered({ method: 'lrp', heatmaps: [nothing] }));
    await expect
      .poll(() => panel.get('summary').textContent())
      .toContain('Nothing in this map speaks for “dog”');
    await panel.send(show, explained);
    expect(await panel.get('against').count()).toBe(0);
    await keyboard.press('a');
    expect(await panel.page.evaluate('keptState.view.evidence')).toBe('for');
  });

  it('sums the pixels of each patch, and shows them one by one on demand', async () => {
    await open();
    const values = Float32Array.from({ length: 64 }, (_, at) => Math.sin(at * at));
    const fine: Heatmap = { ...dog, values, shape: [8, 8] };
    const methods = shown.methods.map((one) => ({ ...one, pixels: one.id === 'lrp' }));
    await panel.send(
      showing({ method: 'lrp', methods }),
      answered({ method: 'lrp', heatmaps: [fine] }),
    );
    const { keyboard } = panel.page;
    const pixels: MapKind = { signed: true, pixels: true };
    await expectDrawn(fine, inferno, pixels);
    expect(await panel.get('summary').textContent()).toMatch(
      /Pixels are summed by patch; colours end at the 99th percentile/,
    );
    expect(await panel.get('colour-bar').textContent()).toContain('≥');
    expect(await panel.get('map').getAttribute('aria-label')).toContain('4 columns of patches');
    await keyboard.press('s');
    await expectDrawn(fine, { ...inferno, smooth: false }, pixels);
    await keyboard.press('s');
    await expectDrawn(fine, { ...inferno, smooth: false }, pixels, {
      ...usualLook,
      grain: 'pixels',
    });
    expect(await panel.get('drawing-pixels').getAttribute('aria-pressed')).toBe('true');
    expect(await panel.get('map').getAttribute('aria-label')).toContain('8 columns of pixels');
    // A method without pixels is drawn smoothly meanwhile.
    await panel.send(show, explained);
    await expectDrawn(dog, inferno);
    expect(await panel.get('drawing-pixels').count()).toBe(0);
  });

  it('answers a cancel at once', async () => {
    await open();
    await panel.send(show, busyFact('Working'));
    await panel.posted();
    expect(await panel.get('activity').textContent()).toContain('Working…');
    await panel.get('cancel').click();
    expect(await panel.get('activity').getAttribute('data-kind')).toBe('cancelled');
    expect(await panel.posted()).toEqual([{ kind: 'cancel' }]);
  });

  it('shows a failure with its next step and its buttons', async () => {
    await open();
    const failure = failureData(new Failure('worker-died', 'It ended.', 'Try again now.'));
    await panel.send(show, { kind: 'activity', activity: { kind: 'failed', failure } });
    await panel.posted();
    expect(await panel.get('failure').textContent()).toContain('It ended.Try again now.');
    await panel.get('failure-openLog').click();
    await panel.get('failure-retry').click();
    expect(await panel.posted()).toEqual([{ kind: 'openLog' }, { kind: 'retry' }]);
    expect(await panel.get('failure').count()).toBe(0);
  });

  it('composes the PNG at the picture’s own size, mixed by the opacity', async () => {
    await open();
    await panel.send(show, explained);
    await panel.get('drawing-patches').click();
    await panel.get('save-png').click();
    await expect.poll(() => panel.page.evaluate('posted.length')).toBeGreaterThan(1);
    const corners = await panel.page.evaluate(async () => {
      const { posted } = globalThis as unknown as { posted: { png?: Uint8Array<ArrayBuffer> }[] };
      const png = posted.at(-1)?.png;
      if (png === undefined) throw new Error('No PNG was posted.');
      const bitmap = await createImageBitmap(new Blob([png], { type: 'image/png' }));
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const context = canvas.getContext('2d');
      context?.drawImage(bitmap, 0, 0);
      const at = (x: number, y: number) => [...(context?.getImageData(x, y, 1, 1).data ?? [])];
      return { size: [bitmap.width, bitmap.height], outside: at(2, 2), inside: at(12, 2) };
    });
    expect(corners.size).toEqual([40, 20]);
    expect(corners.outside).toEqual([255, 136, 0, 255]);
    const { pixels } = drawHeatmap(shownMap(dog, plain, [4, 4], usualLook), {
      ...inferno,
      smooth: false,
    });
    const share = (0.7 * (pixels[3] ?? NaN)) / 255;
    [255, 136, 0].forEach((own, channel) => {
      const mixed = own + share * ((pixels[channel] ?? NaN) - own);
      expect(Math.abs((corners.inside[channel] ?? NaN) - mixed)).toBeLessThanOrEqual(2);
    });
  });

  it('comes back as it was after a reload', async () => {
    const view = {
      opacity: 0.25,
      colourMap: 'jet',
      drawing: 'patches',
      evidence: 'for-and-against',
      showOriginal: false,
      otsu: false,
      coverFill: 'blur',
      zoom: 2,
    } as const;
    const kept = {
      uri: shown.uri,
      modelId: 'a',
      method: 'rollout',
      chosenClass: 0,
      extraClasses: [],
      view,
    };
    await open(kept);
    expect(await panel.posted()).toEqual([{ kind: 'ready' }]);
    const choices = { chosenClass: kept.chosenClass };
    await panel.send({ kind: 'moved', isOther: false, choices }, show, explained);
    await expectDrawn(cat, { ...inferno, colourMap: 'jet', smooth: false });
    expect(await panel.page.evaluate('keptState.view')).toEqual(view);
  });

  /** The picture on the page, and the part of the page that shows it. */
  async function boxes() {
    const [box, room] = await Promise.all(
      ['picture', 'scroller'].map((name) => panel.get(name).boundingBox()),
    );
    if (!box || !room) throw new Error('There is no picture.');
    return { box, room };
  }

  /** Where in the picture the middle of its room is. */
  async function middle() {
    const { box, room } = await boxes();
    return {
      x: (room.x + room.width / 2 - box.x) / box.width,
      y: (room.y + room.height / 2 - box.y) / box.height,
    };
  }

  it('enlarges by the wheel what is under the pointer', async () => {
    await open();
    await panel.send(show, explained);
    const { box } = await boxes();
    // It is as wide as its room, not as high: until it is, its middle stays in the middle.
    const [x, y] = [box.x + 0.4 * box.width, box.y + 0.5 * box.height];
    await panel.page.mouse.move(x, y);
    await panel.page.keyboard.down('Control');
    for (let turn = 0; turn < 3; turn += 1) await panel.page.mouse.wheel(0, -120);
    await panel.page.keyboard.up('Control');
    await expect.poll(async () => (await boxes()).box.width / box.width).toBeCloseTo(3.32, 1);
    const { box: larger } = await boxes();
    expect((x - larger.x) / larger.width).toBeCloseTo(0.4, 2);
    expect(Math.abs((y - larger.y) / larger.height - 0.5)).toBeLessThan(0.02); // a scroll bar’s half
    expect(await panel.page.evaluate('keptState.view.zoom')).toBeCloseTo(3.32, 2);

    await panel.page.mouse.down();
    await panel.page.mouse.move(x - 60, y - 40, { steps: 4 });
    await panel.page.mouse.up();
    const { box: moved } = await boxes();
    expect(moved.x - larger.x).toBeCloseTo(-60, 0);
    expect(moved.y - larger.y).toBeCloseTo(-40, 0);
  });

  it('enlarges by keys and buttons round the middle, and shows the whole again', async () => {
    await open();
    await panel.send(show, explained);
    const { box } = await boxes();
    const zoom = async (): Promise<number> => (await boxes()).box.width / box.width;
    for (let press = 0; press < 4; press += 1) await panel.page.keyboard.press('z');
    await expect.poll(zoom).toBeCloseTo(1.25 ** 4, 2);
    expect(await panel.get('zoom-fit').innerText()).toBe('244 %');
    await panel.get('scroller').evaluate((element) => element.scrollBy(50, 30));
    const before = await middle();
    expect(before.x).toBeGreaterThan(0.52);
    await panel.get('zoom-in').click();
    await expect.poll(zoom).toBeCloseTo(1.25 ** 5, 2);
    const after = await middle();
    expect(after.x).toBeCloseTo(before.x, 2);
    expect(after.y).toBeCloseTo(before.y, 2);
    await panel.page.keyboard.press('Shift+Z');
    await expect.poll(zoom).toBeCloseTo(1.25 ** 4, 2);
    await panel.page.keyboard.press('0');
    await expect.poll(zoom).toBeCloseTo(1, 2);
    expect((await boxes()).box).toEqual(box);
    await panel.page.keyboard.press('Shift+Z');
    expect(await panel.get('zoom-fit').innerText()).toBe('100 %');
  });

  it('keeps the patch in sight that the keys move to, and begins another picture as a whole', async () => {
    await open();
    await panel.send(show, explained);
    for (let press = 0; press < 8; press += 1) await panel.page.keyboard.press('z');
    await panel.get('map').focus();
    for (const key of ['ArrowDown', 'Home', 'PageDown']) await panel.page.keyboard.press(key);
    await expect
      .poll(async () => {
        const cursor = await panel.get('cursor').boundingBox();
        const { room } = await boxes();
        const [x, y] = [(cursor?.x ?? 0) - room.x, (cursor?.y ?? 0) - room.y];
        return x >= -1 && y + (cursor?.height ?? 0) <= room.height + 1;
      })
      .toBe(true);
    await panel.send(showing({ uri: 'file:///other.svg' }), explained);
    await expect.poll(() => panel.get('zoom-fit').innerText()).toBe('100 %');
  });

  it('draws the map alone where the browser knows no such picture', async () => {
    await open();
    await panel.send(showing({ imageSrc: 'data:image/tiff;base64,AAAA' }), explained);
    await panel.get('picture-missing').waitFor();
    await expect.poll(() => opacity()).toBe(1);
  });

  const levels = { kind: '16-bit', lowest: 16, highest: 4080, low: 0, high: 65535 };
  const valueOf = (testId: string) => panel.get(testId).inputValue();

  it('lets black and white of a 16-bit picture be chosen, and keeps the focus meanwhile', async () => {
    await open();
    const remarks = [{ sentence: 'It is flat.', field: 'window' }] as const;
    await panel.send(show, answered({ levels, remarks }));
    expect(await panel.get('remarks').innerText()).toBe(
      'It is flat. Choose black and white below.',
    );
    expect(await panel.get('levels-in-effect').innerText()).toBe(
      '16-bit numbers from 16 to 4080; 0 is black, 65535 is white.',
    );
    expect(await panel.get('level-keep').count()).toBe(0);
    await panel.get('level-high').fill('4095');
    await panel.get('level-apply').click();
    const window = { low: 0, high: 4095 };
    expect(await panel.posted()).toContainEqual({ kind: 'useWindow', uri: shown.uri, window });
    await panel.send(
      showing({ imageSrc: `${picture}#` }),
      answered({ levels: { ...levels, high: 4095, window } }),
    );
    expect(await panel.get('levels-in-effect').innerText()).toBe(
      '16-bit numbers from 16 to 4080; 0 is black, 4095 is white. Only for this picture.',
    );
    const focused = panel.page.locator(':focus');
    expect(await focused.getAttribute('data-testid')).toBe('level-apply');
    await panel.get('level-reset').click();
    expect(await panel.posted()).toContainEqual({ kind: 'useWindow', uri: shown.uri });
    await panel.send(show, explained);
    expect(await panel.get('levels').count()).toBe(0);
  });

  it('starts from the window that is in effect, as it was said', async () => {
    await open();
    const window = { lowPercent: 1, highPercent: 99 };
    const inEffect = { ...levels, low: 31.5, high: 3983, window };
    await panel.send(showing({ keepsWindow: true }), answered({ levels: inEffect }));
    expect(await panel.get('levels-in-effect').innerText()).toContain('Kept for this model.');
    expect(await valueOf('level-unit')).toBe('percent');
    expect([await valueOf('level-low'), await valueOf('level-high')]).toEqual(['1', '99']);
    await panel.get('level-keep').click();
    expect(await panel.posted()).toContainEqual({ kind: 'keepWindow', window });
    await panel.send(answered({ levels: inEffect }));
    await panel.get('level-unit').selectOption('centre');
    expect([await valueOf('level-low'), await valueOf('level-high')]).toEqual([
      '2007.25',
      '3951.5',
    ]);
    await panel.get('level-apply').click();
    expect(await panel.posted()).toContainEqual({
      kind: 'useWindow',
      uri: shown.uri,
      window: { centre: 2007.25, width: 3951.5 },
    });
  });

  it('says why a window is impossible, and takes none', async () => {
    await open();
    await panel.send(show, answered({ levels }));
    for (const [unit, high, why] of [
      ['numbers', '0', 'Black has to be below white'],
      ['numbers', '', 'Both have to be numbers'],
      ['percent', '101', 'Percentages go from 0 to 100'],
      ['centre', '0', 'The width has to be above 0'],
    ] as const) {
      await panel.get('level-unit').selectOption(unit);
      await panel.get('level-high').fill(high);
      expect(await panel.get('level-problem').innerText()).toBe(why);
      expect(await panel.get('level-high').getAttribute('aria-invalid')).toBe('true');
      await panel.page.keyboard.press('Enter');
    }
    expect((await panel.posted()).map(({ kind }) => kind)).not.toContain('useWindow');
  });

  it('gives every control a name', async () => {
    await open();
    await panel.send(show, explained);
    const nameless = await panel.page.evaluate(() =>
      [...document.querySelectorAll('button, select, input, [tabindex]')].flatMap((element) => {
        const labels = 'labels' in element ? (element.labels as NodeList | null) : null;
        const name =
          element.getAttribute('aria-label') ??
          [element.textContent, ...[...(labels ?? [])].map((label) => label.textContent)].join('');
        return name.trim() === '' ? [element.outerHTML] : [];
      }),
    );
    expect(nameless).toEqual([]);
  });

  it('lists values in line, and offers no other one where all are listed', async () => {
    const topK = [0.722, 1.55, 0.78].map((value, index) => ({
      index,
      label: `value ${index}`,
      value,
    }));
    const values = answered({ topK, heatmaps: [map(0, 'value 0')] });
    const names = topK.map(({ label }) => label);
    panel = await openPanel();
    await panel.send(showing({ labels: [...names, 'value 3'] }), values);
    expect(await panel.page.locator('.class-probability').allInnerTexts()).toEqual([
      '0.722',
      '1.550',
      '0.780',
    ]);
    expect(await panel.page.getByLabel('Another value').count()).toBe(1);
    await panel.send(showing({ labels: names }), values);
    await expect.poll(() => panel.get('class-picker').count()).toBe(0);
    await panel.page.keyboard.press('/');
    // Names of another model say nothing of how many this one has.
    await panel.send(showing({ labels: ['a', 'b', 'c'] }), values);
    await expect.poll(() => panel.get('class-picker').count()).toBe(1);
    const only = [{ index: 0, label: 'value', value: 3 }];
    await panel.send(
      showing({ labels: [] }),
      answered({ topK: only, heatmaps: [map(0, 'value 0')] }),
    );
    await expect.poll(() => panel.get('class-picker').count()).toBe(0);
  });

  it('keeps quiet text readable where the theme has it faint on the side', async () => {
    panel = await openPanel();
    await panel.send(show, explained);
    await panel.get('time').waitFor();
    const contrast = await panel.page.evaluate(() => {
      // Of the editor's “Light (Visual Studio)”: the description alone has 4.4 on the side.
      const theme = {
        foreground: '#616161',
        descriptionForeground: '#717171',
        'sideBar-background': '#f3f3f3',
      };
      for (const [name, value] of Object.entries(theme))
        document.documentElement.style.setProperty(`--vscode-${name}`, value);
      const context = document.createElement('canvas').getContext('2d');
      const luminance = (colour: string): number => {
        if (context === null) return NaN;
        context.fillStyle = colour;
        context.fillRect(0, 0, 1, 1);
        const [r = NaN, g = NaN, b = NaN] = Array.from(
          context.getImageData(0, 0, 1, 1).data,
          (byte) => (byte <= 10 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4),
        );
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const side = document.querySelector('.side');
      const quiet = document.querySelector('[data-testid=time]');
      if (side === null || quiet === null) return NaN;
      const behind = luminance(getComputedStyle(side).backgroundColor);
      return (behind + 0.05) / (luminance(getComputedStyle(quiet).color) + 0.05);
    });
    expect(contrast).toBeGreaterThan(4.5);
    expect(contrast).toBeLessThan(5.5);
  });
});
