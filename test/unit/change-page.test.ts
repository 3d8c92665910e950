/** Covering rectangles of a picture and moving its window, by pointer and keys in a real browser. */
import { expect, it } from 'vitest';
import type { PictureChange } from '../../src/shared/picture-change';
import type { FromPanel } from '../../src/shared/protocol/panel';
import { describePanel } from '../fixtures/panel/describe-panel';
import { explainedFact, resultOf, shownFacts, smallMap } from '../fixtures/panel/panel-facts';
import type { PanelPage } from '../fixtures/panel/panel-page';

/** A picture of 400 × 200 pixels. */
const imageSrc = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="200"><rect width="400" height="200" fill="#f80"/></svg>',
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
const result = resultOf({
  modelId: 'a',
  method: 'rollout',
  window: { imageWidth: 400, imageHeight: 200, left: 100, top: 0, width: 200, height: 200 },
  topK: [{ index: 1, label: 'dog', probability: 0.7, logit: 3.25 }],
  heatmaps: [smallMap(1, 'dog')],
});
const before = { probability: 0.97, logit: 8 };
const answered = (change: PictureChange) =>
  explainedFact({
    ...result,
    change,
    topK: [{ index: 1, label: 'dog', probability: 0.2, logit: 1, before }],
  });

describePanel('a picture that is changed, in Chromium', (openPanel) => {
  let panel: PanelPage;

  async function open(): Promise<void> {
    panel = await openPanel();
    await panel.send(show, explainedFact(result));
    await panel.posted();
  }

  async function changes(): Promise<(PictureChange | undefined)[]> {
    const posted = await panel.posted();
    return posted.flatMap((message: FromPanel) =>
      message.kind === 'changePicture' ? [message.change] : [],
    );
  }

  /** From one point of the picture to another, as parts of its sides. */
  async function drag(from: readonly [number, number], to: readonly [number, number]) {
    const box = await panel.get('picture').boundingBox();
    if (box === null) throw new Error('There is no picture.');
    const { mouse } = panel.page;
    const at = ([x, y]: readonly [number, number]) =>
      [box.x + x * box.width, box.y + y * box.height] as const;
    await mouse.move(...at(from));
    await mouse.down();
    await mouse.move(...at([(from[0] + to[0]) / 2, to[1]]));
    await mouse.move(...at(to));
    await mouse.up();
  }

  /** Within so many pixels, for a page has others than the picture. */
  function expectBox(box: unknown, expected: Readonly<Record<string, number>>, most = 2): void {
    const found = box as Readonly<Record<string, number>>;
    for (const [side, value] of Object.entries(expected))
      expect(Math.abs((found[side] ?? NaN) - value)).toBeLessThanOrEqual(most);
  }

  const focused = () =>
    panel.page.evaluate(() => (document.activeElement as HTMLElement).dataset.testid);

  it('is covered where the pointer drew, again and again, until one is taken back', async () => {
    await open();
    await panel.get('cover').click();
    await drag([0.25, 0.5], [0.5, 0.75]);
    const [first] = await changes();
    expect(first?.covered).toHaveLength(1);
    expectBox(first?.covered[0], { left: 100, top: 100, width: 100, height: 50 });
    expect(first?.covered[0]?.fill).toBe('mean');
    await panel.send();
    // Nothing of the answer is left that was about the picture of before.
    expect(await panel.get('class').count()).toBe(0);
    if (first === undefined) throw new Error('Nothing was covered.');
    await panel.send(answered(first));
    expect(await panel.get('class').innerText()).toMatch(/20\s?%/);
    expect(await panel.get('class').innerText()).toMatch(/was 97\s?%/);
    expect(await panel.get('changed').innerText()).toContain(
      '1 rectangle covered with its mean colour',
    );

    await panel.get('cover-fill').selectOption('blur');
    await drag([0, 0], [0.1, 0.2]);
    const [second] = await changes();
    expect(second?.covered).toHaveLength(2);
    expect(second?.covered[0]).toEqual(first.covered[0]);
    expectBox(second?.covered[1], { left: 0, top: 0, width: 40, height: 40 });
    expect(second?.covered[1]?.fill).toBe('blur');
    await panel.page.keyboard.press('Escape');
    expect(await panel.get('marker').count()).toBe(0);

    await panel.page.keyboard.press('Control+z');
    expect(await changes()).toEqual([first]);
    await panel.get('undo').click();
    expect(await changes()).toEqual([undefined]);
    expect(await panel.get('undo').count()).toBe(0);
    expect(await focused()).toBe('changed');
    await panel.page.keyboard.press('Control+z');
    expect(await changes()).toEqual([]);
  });

  it('is covered by keys alone, and the keys are not lost afterwards', async () => {
    await open();
    await panel.page.keyboard.press('w');
    expect(await focused()).toBe('marker');
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown', 'Shift+ArrowRight'])
      await panel.page.keyboard.press(key);
    expect(await panel.get('marker').locator('[role=status]').innerText()).toBe(
      '110 × 50 pixels from 160, 85',
    );
    await panel.page.keyboard.press('Enter');
    const fill = 'mean';
    expect(await changes()).toEqual([
      { covered: [{ left: 160, top: 85, width: 110, height: 50, fill }] },
    ]);
    expect(await panel.get('marker').count()).toBe(0);
    await expect.poll(focused).toBe('cover');
    await panel.page.keyboard.press('w');
    await panel.page.keyboard.press('ArrowRight');
    await panel.page.keyboard.press('Escape');
    expect(await changes()).toEqual([]);
    await expect.poll(focused).toBe('cover');
  });

  it('has the keys before the next one is pressed', async () => {
    await open();
    const held = await panel.page.evaluate(async () => {
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'w', bubbles: true }));
      await new Promise((resolve) => setTimeout(resolve));
      return document.activeElement?.getAttribute('data-testid');
    });
    expect(held).toBe('marker');
  });

  it('is covered where its menu was opened', async () => {
    await open();
    const position = { x: 40, y: 40 };
    await panel.get('picture').click({ button: 'right', position });
    await panel.get('menu-cover').click();
    const box = await panel.get('picture').boundingBox();
    await panel.get('apply-mark').click();
    const [change] = await changes();
    const scale = 400 / (box?.width ?? NaN);
    expectBox(change?.covered[0], {
      left: Math.max(0, position.x * scale - 50),
      top: Math.max(0, position.y * scale - 25),
      width: 100,
      height: 50,
    });
  });

  it('is fitted otherwise, marked as not the model’s own way, and one click leads back', async () => {
    await open();
    await panel.get('fit').selectOption('squash');
    expect(await changes()).toEqual([{ covered: [], fit: 'squash' }]);
    expect(await panel.get('changed').innerText()).toContain(
      'squashed, not the model’s own preparation',
    );
    await panel.get('restore').click();
    expect(await changes()).toEqual([undefined]);
    expect(await panel.get('changed').innerText()).toBe('');
    expect(await panel.get('fit').inputValue()).toBe('own');
    expect(await focused()).toBe('changed');
  });

  it('is seen through a window of the model’s shape, which is dragged', async () => {
    await open();
    await panel.get('fit').selectOption('window');
    expect(await changes()).toEqual([]);
    // The largest square, in the middle.
    await drag([0.5, 0.5], [0.75, 0.5]);
    const [change] = await changes();
    expectBox(change?.fit, { left: 200, top: 0, width: 200, height: 200 });
    await drag([0.1, 0.1], [0.2, 0.3]);
    const [smaller] = await changes();
    expectBox(smaller?.fit, { left: 40, top: 20, width: 40, height: 40 });
    await panel.page.keyboard.press('Shift+ArrowRight');
    await panel.page.keyboard.press('ArrowDown');
    await panel.page.keyboard.press('Enter');
    const [moved] = await changes();
    expectBox(moved?.fit, { left: 40, top: 30, width: 50, height: 50 });
    expect(await panel.get('marker').count()).toBe(0);
    expect(await panel.get('fit').inputValue()).toBe('window');
    await panel.get('move-window').click();
    expect(await panel.get('marked-box').count()).toBe(1);
  });

  it('keeps what is marked where an enlarged picture would be moved, and ends with its picture', async () => {
    await open();
    await panel.page.keyboard.press('z');
    await panel.page.keyboard.press('w');
    const place = () => panel.get('scroller').evaluate(({ scrollLeft }) => scrollLeft);
    const start = await place();
    const room = await panel.get('scroller').boundingBox();
    if (room === null) throw new Error('There is no room.');
    const [x, y] = [room.x + room.width / 2, room.y + room.height / 2];
    await panel.page.mouse.move(x, y);
    await panel.page.mouse.down();
    await panel.page.mouse.move(x - 60, y - 40);
    expect(await place()).toBe(start);
    await panel.page.mouse.up();
    expect(await changes()).toHaveLength(1);
    const other = { uri: 'file:///other.svg', fileName: 'other.svg', place: '', imageSrc };
    await panel.send(
      { kind: 'moved', isOther: true, choices: {} },
      { kind: 'drawn', picture: other },
    );
    await expect.poll(() => panel.get('marker').count()).toBe(0);
    expect(await panel.get('changed').innerText()).toBe('');
  });
});
