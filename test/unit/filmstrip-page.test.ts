/** The filmstrip in a real browser: few frames in the page, however many samples there are. */
import { expect, it } from 'vitest';
import type { Filmstrip, Frame, FrameRange } from '../../src/shared/filmstrip';
import { describePanel } from '../fixtures/panel/describe-panel';
import { shownFacts, type Shown } from '../fixtures/panel/panel-facts';
import type { PanelPage } from '../fixtures/panel/panel-page';

const shown: Shown = {
  uri: 'file:///photo.svg',
  fileName: 'photo.svg',
  imageSrc: `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"/>')}`,
  models: [],
  methods: [],
  modelId: 'a',
  method: 'rollout',
  labels: ['cat', 'dog'],
  colourMap: 'inferno',
};

const total = 10_000;

/** As the extension tells it: a window of some frames, every third of them wrong. */
function stripOf(at: number, { first, end }: FrameRange, shown = true): Filmstrip {
  const places = Array.from({ length: end - first }, (_, offset) => first + offset);
  return {
    current: { ...frameAt(at), name: 'shown.jpg' },
    gallery: 'file:///set',
    title: 'set',
    total,
    all: total,
    at,
    near: at,
    first,
    shown,
    frames: places.map(frameAt),
  };
}

function frameAt(place: number): Frame {
  return {
    name: `${place}.jpg`,
    thumbnail: shown.imageSrc,
    answer: 'cat',
    probability: 0.5,
    verdict: place % 3 === 0 ? 'wrong' : 'right',
    truth: 'dog',
  };
}

describePanel('the filmstrip in Chromium', (openPanel) => {
  let panel: PanelPage;

  async function open(size?: { width: number; height: number }): Promise<void> {
    panel = await openPanel(size && { size });
    await panel.send(shownFacts(shown));
  }

  const tell = (filmstrip: Filmstrip): Promise<void> => panel.send({ kind: 'walking', filmstrip });
  /** Of what was posted since the last question. */
  const last = async (kind: string) => {
    const posted = await panel.posted();
    return posted.filter((message) => message.kind === kind).at(-1);
  };

  it('has a few frames of ten thousand, brings the shown one into sight and asks for others', async () => {
    await open();
    await tell(stripOf(5000, { first: 4960, end: 5041 }));
    const frames = panel.get('frame');
    expect(await frames.count()).toBeLessThan(40);
    const shown = panel.page.locator('[data-testid="frame"][aria-selected="true"]');
    expect(await shown.getAttribute('aria-posinset')).toBe('5001');
    const box = await shown.boundingBox();
    expect(box?.x).toBeGreaterThan(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThan(1000);
    await panel.get('film-frames').evaluate((element) => (element.scrollLeft = 74 * 100));
    await expect.poll(() => last('lookAtFrames')).toMatchObject({ range: { first: 96 } });
    await tell(stripOf(5000, { first: 80, end: 140 }));
    // Looking elsewhere is left alone: the row stays where the person scrolled it.
    expect(await panel.get('film-frames').evaluate((element) => element.scrollLeft)).toBe(7400);
    expect(await panel.get('walk-place').innerText()).toMatch(
      /^5001 of 10000\s+cat, 50\s%, right$/,
    );
    expect(await panel.page.locator('[data-name="102.jpg"]').getAttribute('data-verdict')).toBe(
      'wrong',
    );
  });

  it('walks by keys and clicks, but leaves a field its own keys', async () => {
    await open();
    await tell(stripOf(7, { first: 0, end: 60 }));
    const { keyboard } = panel.page;
    // The page listens from the frame after its first one on.
    const step = async () => {
      await keyboard.press('ArrowRight');
      return last('step');
    };
    await expect.poll(step).toEqual({ kind: 'step', by: 1 });
    await keyboard.press('End');
    await expect.poll(() => last('walk')).toEqual({ kind: 'walk', place: total - 1 });
    await keyboard.press('Home');
    await expect.poll(() => last('walk')).toEqual({ kind: 'walk', place: 0, name: '0.jpg' });
    await panel.page.locator('[data-name="3.jpg"]').click();
    await expect.poll(() => last('walk')).toEqual({ kind: 'walk', place: 3, name: '3.jpg' });
    await panel.get('film-frames').focus();
    await keyboard.press('PageDown');
    await expect.poll(() => last('walk')).toMatchObject({ place: 7 + 13 });
    await panel.get('opacity').focus();
    await keyboard.press('ArrowLeft');
    await keyboard.press('Home');
    expect(await panel.posted()).toEqual([]);
  });

  it('walks through the pictures of a folder in the same way, where no gallery opened the panel', async () => {
    await open();
    const folder = { title: 'photos', total: 3, at: 0, near: 0 };
    await panel.send({ kind: 'inFolder', folder });
    expect(await panel.get('walk-place').innerText()).toBe('1 of 3 pictures of photos');
    expect(await panel.get('walk-previous').getAttribute('aria-disabled')).toBe('true');
    const { keyboard } = panel.page;
    const step = async () => {
      await keyboard.press('ArrowRight');
      return last('step');
    };
    await expect.poll(step).toEqual({ kind: 'step', by: 1 });
    await panel.get('walk-last').click();
    expect(await last('walk')).toEqual({ kind: 'walk', place: 2 });
    await panel.send({ kind: 'inFolder', folder: { ...folder, total: 1 } });
    expect(await panel.get('folder').count()).toBe(0);
  });

  it('takes no keys where there is nothing to walk through', async () => {
    await open();
    await panel.page.keyboard.press('ArrowRight');
    expect(await last('walk')).toBeUndefined();
  });

  it('fits narrow and low panels', async () => {
    await open({ width: 420, height: 400 });
    await tell(stripOf(2, { first: 0, end: 60 }));
    const bar = await panel.get('filmstrip').boundingBox();
    expect((bar?.y ?? 0) + (bar?.height ?? 0)).toBe(400);
    expect(bar?.width).toBeLessThanOrEqual(420);
    expect(await panel.get('film-frames').isVisible()).toBe(false);
    await panel.get('walk-next').click();
    expect(await last('step')).toEqual({ kind: 'step', by: 1 });
  });
});
