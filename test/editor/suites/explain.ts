/** From the right click to the evidence, and what a person does with it. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { readNpy } from '../../../src/shared/npy';
import { assertSamePixels, expectedMaps } from '../expected-map';
import { inWindow, until } from '../suite';
import type { Surroundings } from '../surroundings';

const title = 'Explain Image with ViT';
const smooth = { colourMap: 'viridis', smooth: true, otsu: false } as const;
const firstMethod = 'libra_fullgrad';

export async function explainSuite(surroundings: Surroundings): Promise<void> {
  await inWindow(surroundings, async ({ check, workbench, panel, workspace, shoot }) => {
    const expected = expectedMaps(surroundings, firstMethod);
    const [best = 0, second = 0] = expected.classes;

    await check('the menu offers it on pictures of any case, and on nothing else', async () => {
      await workbench.waitForContextMenu(workbench.file(workspace.photo), title);
      await workbench.waitForContextMenu(workbench.file('scan.TIFF'), title);
      const model = workbench.file('not-a-model.onnx');
      await workbench.waitForContextMenu(model, 'Explain an Image with This Model');
      assert.ok(!(await workbench.contextMenuOf(model)).includes(title));
      assert.ok(!(await workbench.contextMenuOf(workbench.file('notes.txt'))).includes(title));
    });

    const opened = await check(
      'right click: the best class’s map is that of the command line',
      async () => {
        await workbench.chooseFromContextMenu(workbench.file(workspace.photo), title);
        await panel.waitUntilExplained();
        assert.deepEqual(await panel.classIndices(), expected.classes);
        assert.equal(await panel.selectedClass(), best);
        assert.match(await panel.classRow(best).innerText(), /logit/);
        assertSamePixels(await panel.heatmapPixels(), expected.draw(best, smooth));
        assert.match(await panel.get('summary').innerText(), /\S+ \S+/);
        await shoot('explained');
      },
    );
    if (!opened) return;

    await check('choosing a class shows that class’s map', async () => {
      await panel.classRow(second).click();
      await until('it is drawn', async () => (await panel.selectedClass()) === second);
      assertSamePixels(await panel.heatmapPixels(), expected.draw(second, smooth));
      await shoot('second class');
    });

    await check('choosing a method shows that method’s map, and back is at once', async () => {
      await panel.get('method').selectOption('attention_rollout');
      await panel.waitUntilExplained();
      const rollout = expectedMaps(surroundings, 'attention_rollout', [second]);
      assertSamePixels(await panel.heatmapPixels(), rollout.draw(second, smooth));
      const started = performance.now();
      await panel.get('method').selectOption(firstMethod);
      await panel.waitUntilExplained();
      const milliseconds = performance.now() - started;
      assertSamePixels(await panel.heatmapPixels(), expected.draw(second, smooth));
      assert.ok(milliseconds < 3000, `back took ${Math.round(milliseconds)} ms`);
    });

    await check(
      'a signed method shows what speaks for the class, and both signs by a key',
      async () => {
        assertSamePixels(await panel.heatmapPixels(), expected.draw(second, smooth));
        assert.match(await panel.get('summary').innerText(), /Only what speaks for it is drawn/);
        await shoot('evidence for');
        await panel.get('map').focus();
        await workbench.page.keyboard.press('a');
        await until(
          'both signs',
          async () => (await panel.get('colour-map').inputValue()) === 'blue-red',
        );
        const diverging = { ...smooth, colourMap: 'blue-red' } as const;
        assertSamePixels(
          await panel.heatmapPixels(),
          expected.draw(second, diverging, 'for-and-against'),
        );
        await shoot('evidence for and against');
        await workbench.page.keyboard.press('a');
        await until(
          'evidence for it alone',
          async () => (await panel.get('colour-map').inputValue()) === 'viridis',
        );
      },
    );

    await check('any other class is found by name and by number', async () => {
      const other = [7, 3, 5, 1, 0, 9, 11].find((index) => !expected.classes.includes(index)) ?? 2;
      await panel.get('class-picker').fill(String(other));
      await panel.get('class-picker').press('Enter');
      await panel.classRow(other).waitFor();
      await panel.waitUntilExplained();
      assert.equal(await panel.selectedClass(), other);
      const map = expectedMaps(surroundings, firstMethod, [other]);
      assertSamePixels(await panel.heatmapPixels(), map.draw(other, smooth));
      assert.match(await panel.classRow(other).innerText(), /%/);
    });

    await check('patches, threshold, opacity, original and class by keyboard', async () => {
      await panel.get('map').focus();
      await workbench.page.keyboard.press('1');
      await until('class 1 is chosen', async () => (await panel.selectedClass()) === best);
      await workbench.page.keyboard.press('s');
      const patches = { ...smooth, smooth: false } as const;
      await until('patches', async () => (await panel.heatmapPixels()).width < 64);
      assertSamePixels(await panel.heatmapPixels(), expected.draw(best, patches));
      await shoot('patches');
      await workbench.page.keyboard.press('t');
      const threshold = { ...patches, otsu: true } as const;
      await until(
        'threshold',
        async () => (await panel.get('otsu').getAttribute('aria-pressed')) === 'true',
      );
      assertSamePixels(await panel.heatmapPixels(), expected.draw(best, threshold));
      await shoot('threshold');
      await workbench.page.keyboard.press('t');
      await workbench.page.keyboard.press('s');
      const opacity = Number(await panel.get('opacity').inputValue());
      await workbench.page.keyboard.press('+');
      await until(
        'more opaque',
        async () => Number(await panel.get('opacity').inputValue()) > opacity,
      );
      await workbench.page.keyboard.press('o');
      await until('only the picture', async () => (await panel.heatmapOpacity()) === 0);
      await workbench.page.keyboard.press('o');
      await until('the map again', async () => (await panel.heatmapOpacity()) > 0);
    });

    await check('arrow keys and pointer read out patches', async () => {
      await panel.get('map').focus();
      await workbench.page.keyboard.press('ArrowRight');
      await until('a patch is read out', async () =>
        /Row \d+ of/.test(await panel.get('readout').innerText()),
      );
      await panel.get('map').hover({ position: { x: 4, y: 4 } });
      await until('the first patch', async () =>
        /Row 1 of \d+, column 1 of \d+: relevance/.test(await panel.get('readout').innerText()),
      );
    });

    await check('the wheel enlarges what it is over, and keys show the whole again', async () => {
      const { page } = workbench;
      const picture = panel.get('picture');
      const widthOf = async (): Promise<number> => (await picture.boundingBox())?.width ?? 0;
      const whole = await widthOf();
      await panel.get('map').hover({ position: { x: 30, y: 30 } });
      const patch = await panel.get('readout').innerText();
      await page.keyboard.down('Control');
      for (let turn = 0; turn < 4; turn += 1) await page.mouse.wheel(0, -120);
      await page.keyboard.up('Control');
      await until('it is enlarged', async () => (await widthOf()) > 3 * whole);
      await page.mouse.move(5, 400);
      await shoot('enlarged');
      assert.match(patch, /^Row 1 of \d+, column 1 of/);
      await page.keyboard.press('0');
      // Its width may be another: the window's parts open and close as they please.
      await until('it is whole', () =>
        panel
          .get('scroller')
          .evaluate(
            (room) =>
              room.scrollWidth - room.clientWidth < 2 && room.scrollHeight - room.clientHeight < 2,
          ),
      );
    });

    await check('every control has a name for screen readers', async () => {
      assert.deepEqual(await panel.namelessControls(), []);
    });

    await check('picture and figures are saved as PNG, NPY and JSON', async () => {
      const stem = `${path.parse(workspace.photo).name}.${firstMethod}`;
      for (const format of ['png', 'npy', 'json']) {
        await panel.get(`save-${format}`).click();
        const input = workbench.page.locator('.quick-input-widget input[type="text"]').first();
        await until('the dialog asks', async () =>
          (await input.inputValue()).endsWith(`${stem}.${format}`),
        );
        await input.press('Enter');
        const file = path.join(workspace.folder, `${stem}.${format}`);
        await until('it is written', () => existsSync(file) && statSync(file).size > 0);
      }
      const saved = path.join(workspace.folder, stem);
      const photo = await sharp(path.join(workspace.folder, workspace.photo)).metadata();
      const drawn = await sharp(`${saved}.png`).metadata();
      assert.deepEqual([drawn.width, drawn.height], [photo.width, photo.height]);
      const { shape } = readNpy(readFileSync(`${saved}.npy`));
      const figures = JSON.parse(readFileSync(`${saved}.json`, 'utf8')) as {
        grid: number[];
        explanations: { index: number; heatmap: number[] }[];
      };
      assert.deepEqual(shape, [figures.explanations.length, ...figures.grid]);
      assert.equal(figures.explanations[0]?.index, best);
    });

    await check('the picture is copied as it is saved', async () => {
      const { page } = workbench;
      await page.evaluate(() => navigator.clipboard.writeText('something else'));
      await panel.get('save-copy').click();
      await until('the panel says so', async () =>
        (await panel.frame.locator('body').innerText()).includes('Copied'),
      );
      await page.bringToFront();
      const copied = await page.evaluate(async () => {
        window.focus();
        const [item] = await navigator.clipboard.read();
        const blob = await item?.getType('image/png');
        return [...new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer(0))];
      });
      const pixelsOf = async (picture: Buffer | string): Promise<Buffer> =>
        sharp(picture).ensureAlpha().raw().toBuffer();
      const file = path.join(
        workspace.folder,
        `${path.parse(workspace.photo).name}.${firstMethod}.png`,
      );
      assert.ok((await pixelsOf(Buffer.from(copied))).equals(await pixelsOf(file)));
    });

    await check('explaining again brings the one panel to the front', async () => {
      await workbench.chooseFromContextMenu(workbench.file('second.webp'), title);
      await workbench.tab('second.webp').waitFor();
      await panel.waitUntilExplained();
      await workbench.chooseFromContextMenu(workbench.file(workspace.photo), title);
      await until('its tab is in front', () => workbench.isActive(workspace.photo));
      assert.equal(await workbench.tab(workspace.photo).count(), 1);
      await panel.waitUntilExplained();
      assert.deepEqual((await panel.classIndices()).slice(0, 5), expected.classes);
    });

    await check('a TIFF, which browsers do not draw, is shown and explained', async () => {
      await workbench.chooseFromContextMenu(workbench.file('scan.TIFF'), title);
      await until('its tab is in front', () => workbench.isActive('scan.TIFF'));
      await panel.waitUntilExplained();
      await panel.frame.locator('[data-testid="picture"][data-image="loaded"]').waitFor();
      await shoot('tiff');
    });

    await check('the console holds no error of ours', async () => {
      assert.deepEqual(workbench.errorsOfOurs(), []);
      return Promise.resolve();
    });
  });
}
