/** What if a part of the picture were covered, or the model saw another part: against files that really are so. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FrameLocator } from 'playwright-core';
import sharp from 'sharp';
import type { PictureBox, PictureChange } from '../../../src/shared/picture-change';
import { checkInEveryTheme } from '../accessibility';
import { assertSamePixels, expectedMaps } from '../expected-map';
import { inWindow, until, type Scene } from '../suite';
import type { Surroundings } from '../surroundings';

const title = 'Explain Image with ViT';
const smooth = { colourMap: 'viridis', smooth: true, otsu: false } as const;
const method = 'libra_fullgrad';

export async function whatIfSuite(surroundings: Surroundings): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'vit-explainer-what-if-'));
  try {
    await inWindow(surroundings, (scene) => changesOf(scene, surroundings, folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function changesOf(scene: Scene, surroundings: Surroundings, folder: string): Promise<void> {
  const { check, workbench, panel, workspace, shoot } = scene;
  const { page } = workbench;
  const photo = path.join(workspace.folder, workspace.photo);
  const own = expectedMaps(surroundings, method);
  const [best = 0] = own.classes;
  /** What the command line says of another file. */
  const expected = (file: string, flags: readonly string[] = [], classes: readonly number[] = []) =>
    expectedMaps(
      { ...surroundings, workspace: { ...workspace, folder, photo: file } },
      method,
      classes,
      flags,
    );
  const changed = panel.get('changed');
  /** With the button down, reads what a screen reader is told of the rectangle. */
  const drag = async (
    from: readonly [number, number],
    to: readonly [number, number],
  ): Promise<PictureBox> => {
    const area = await panel.get('picture').boundingBox();
    if (area === null) throw new Error('There is no picture.');
    const at = ([x, y]: readonly [number, number]) =>
      [area.x + x * area.width, area.y + y * area.height] as const;
    await page.mouse.move(...at(from));
    await page.mouse.down();
    await page.mouse.move(...at(to), { steps: 5 });
    const said = panel.get('marker').locator('[role=status]');
    await until('a rectangle is drawn', async () => /\d/.test(await said.innerText()));
    const words = await said.innerText();
    await page.mouse.up();
    const [width = 0, height = 0, left = 0, top = 0] = (words.match(/\d+/g) ?? []).map(Number);
    return { left, top, width, height };
  };

  await workbench.chooseFromContextMenu(workbench.file(workspace.photo), title);
  await panel.waitUntilExplained();
  const share = async (index: number) => (await panel.classRow(index).innerText()).trim();
  const before = /[\d.<]+\s%/.exec(await share(best))?.[0] ?? '';

  const covered = await check(
    'a rectangle that the pointer drew is covered, and all that',
    async () => {
      await panel.get('cover').click();
      await shoot('what if: marking');
      const box = await drag([0.3, 0.2], [0.7, 0.6]);
      await changed.getByRole('button', { name: 'Undo' }).waitFor();
      await panel.waitUntilExplained();
      await coverFile(photo, box, path.join(folder, 'covered.png'));
      const really = expected('covered.png');
      assert.deepEqual(await panel.classIndices(), really.classes);
      const [now = 0] = really.classes;
      assertSamePixels(await panel.heatmapPixels(), really.draw(now, smooth));
      assert.match(await changed.innerText(), /1 rectangle covered with its mean colour/);
      const said = await panel.classRow(now).innerText();
      assert.match(said, /was [\d.<]+\s%/);
      if (now === best) assert.ok(said.includes(`was ${before}`), `${said} was ${before}`);
      await page.keyboard.press('Escape');
      await assertDrawn(scene, path.join(folder, 'covered.png'), box);
      await page.mouse.move(5, 500);
      await shoot('what if: covered');
    },
  );
  if (!covered) return;

  await check('it survives a reload, and is saved with its rectangles', async () => {
    await workbench.reload();
    await workbench.tab(workspace.photo).waitFor();
    await panel.waitUntilExplained();
    assert.match(await changed.innerText(), /1 rectangle covered/);
    const [now = 0] = await panel.classIndices();
    const really = expected('covered.png');
    assertSamePixels(await panel.heatmapPixels(), really.draw(now, smooth));
    await panel.get('save-json').click();
    const input = page.locator('.quick-input-widget input[type="text"]').first();
    const name = `${path.parse(workspace.photo).name}.changed.${method}.json`;
    await until('the dialog asks', async () => (await input.inputValue()).endsWith(name));
    await input.press('Enter');
    const file = path.join(workspace.folder, name);
    await until('it is written', () => existsSync(file) && readFileSync(file).length > 0);
    const { change } = JSON.parse(readFileSync(file, 'utf8')) as { change: PictureChange };
    assert.equal(change.covered.length, 1);
    assert.equal(change.covered[0]?.fill, 'mean');
    rmSync(file);
  });

  await checkInEveryTheme(scene, 'what if', workbench.panel);

  await check('it is taken back by a key, and all is as before', async () => {
    await panel.get('map').focus();
    await page.keyboard.press('Control+z');
    await until('nothing is changed', async () => (await changed.innerText()) === '');
    await panel.waitUntilExplained();
    assert.deepEqual(await panel.classIndices(), own.classes);
    assertSamePixels(await panel.heatmapPixels(), own.draw(best, smooth));
    assert.ok(!(await share(best)).includes('was'));
  });

  await check(
    'the window that is dragged is what the model sees, and the map lies there',
    async () => {
      await panel.get('fit').selectOption('window');
      const box = await drag([0.15, 0.1], [0.55, 0.5]);
      await changed.getByRole('button', { name: 'As It Is' }).waitFor();
      await panel.waitUntilExplained();
      await page.keyboard.press('Escape');
      await sharp(photo).autoOrient().extract(box).png().toFile(path.join(folder, 'window.png'));
      const really = expected('window.png', ['--fit', 'squash']);
      assert.deepEqual(await panel.classIndices(), really.classes);
      const [now = 0] = really.classes;
      assertSamePixels(await panel.heatmapPixels(), really.draw(now, smooth));
      const [picture, map] = await Promise.all(
        ['picture', 'heatmap'].map((name) => panel.get(name).boundingBox()),
      );
      const { width, height } = await sharp(photo)
        .autoOrient()
        .toBuffer()
        .then((upright) => sharp(upright).metadata());
      if (!picture || !map) throw new Error('There is no map.');
      const near = (part: number, whole: number, side: number, of: number) =>
        assert.ok(Math.abs(part / whole - side / of) < 0.01, `${part / whole} is not ${side / of}`);
      near(map.x - picture.x, picture.width, box.left, width);
      near(map.y - picture.y, picture.height, box.top, height);
      near(map.width, picture.width, box.width, width);
      near(map.height, picture.height, box.height, height);
      assert.match(await changed.innerText(), /not the model’s own preparation/);
      await shoot('what if: window');
    },
  );

  await check('the next picture is as it is', async () => {
    await workbench.chooseFromContextMenu(workbench.file('third.jpg'), title);
    await workbench.tab('third.jpg').waitFor();
    await until('it is shown', async () =>
      (await panel.frame.locator('h1').innerText()).includes('third'),
    );
    await panel.waitUntilExplained();
    assert.equal(await changed.innerText(), '');
  });

  await narrow(scene);

  await check('every control has a name, and the console holds no error of ours', async () => {
    assert.deepEqual(await panel.namelessControls(), []);
    assert.deepEqual(workbench.errorsOfOurs(), []);
  });
}

/** Pictures to be looked at. */
async function narrow({ workbench, panel, shoot }: Scene): Promise<void> {
  const { page } = workbench;
  await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
  await panel.get('map').focus();
  await page.keyboard.press('w');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await panel.waitUntilExplained();
  for (const [theme, name] of [
    ['Light Modern', 'light'],
    ['Dark Modern', 'dark'],
  ] as const) {
    await workbench.chooseTheme(theme);
    for (const width of [320, 400, 800]) {
      await page.setViewportSize({ width, height: 1000 });
      await page.waitForTimeout(300);
      await shoot(`what if ${width} ${name}`);
      assert.deepEqual(await cutOff(workbench.panel), [], `at ${width} pixels`);
    }
    await page.setViewportSize({ width: 1360, height: 860 });
  }
}

/** Controls of the page that reach beyond its right edge, with no way to scroll there. */
async function cutOff(frame: FrameLocator): Promise<readonly string[]> {
  return frame
    .locator('button, select, input')
    .evaluateAll((controls) =>
      controls
        .filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth)
        .map((one) => one.textContent || one.id),
    );
}

/** A file in which the rectangle has the mean colour of the picture. */
async function coverFile(photo: string, box: PictureBox, file: string): Promise<void> {
  const { data, info } = await sharp(photo)
    .autoOrient()
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const sums = [0, 0, 0];
  data.forEach((level, at) => (sums[at % 3] = (sums[at % 3] ?? 0) + level));
  const mean = sums.map((sum) => Math.round(sum / (width * height)));
  for (let y = box.top; y < box.top + box.height; y += 1)
    for (let x = box.left; x < box.left + box.width; x += 1) data.set(mean, (y * width + x) * 3);

  await sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(file);
}

/** The picture on the page is the covered one: one colour in the rectangle, and that of the file. */
async function assertDrawn({ panel }: Scene, file: string, box: PictureBox): Promise<void> {
  const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
  const [x, y] = [box.left + Math.floor(box.width / 2), box.top + Math.floor(box.height / 2)];
  const from = (y * info.width + x) * 3;
  const drawn = await panel
    .get('picture')
    .locator('img')
    .evaluate(
      async (element, at) => {
        const image = element as HTMLImageElement;
        await image.decode();
        const canvas = document.createElement('canvas');
        [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
        const context = canvas.getContext('2d');
        if (context === null) throw new Error('There is no canvas.');
        context.drawImage(image, 0, 0);
        const point = [at.x * canvas.width, at.y * canvas.height].map(Math.floor);
        const [left = 0, top = 0] = point;
        return [...context.getImageData(left, top, 1, 1).data];
      },
      { x: x / info.width, y: y / info.height },
    );
  assert.deepEqual(drawn.slice(0, 3), [...data.subarray(from, from + 3)]);
}
