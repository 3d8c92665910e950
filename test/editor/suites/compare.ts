/** Maps beside each other: from a panel and from the explorer, looked at, marked, saved and kept. */
import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { checkInEveryTheme } from '../accessibility';
import { ComparisonPage } from '../comparison-page';
import { assertSamePixels, expectedMaps } from '../expected-map';
import { inWindow, until } from '../suite';
import type { Surroundings } from '../surroundings';

const explain = 'Explain Image with ViT';
const comparePictures = 'Compare Pictures with ViT';
const smooth = { colourMap: 'viridis', smooth: true, otsu: false } as const;

export async function compareSuite(surroundings: Surroundings): Promise<void> {
  await inWindow(surroundings, async (scene) => {
    const { check, workbench, panel, workspace, shoot } = scene;
    const comparison = new ComparisonPage(workbench.panel);
    const { page } = workbench;

    const opened = await check(
      'compare: a panel’s class by all methods, each as the command line',
      async () => {
        await workbench.chooseFromContextMenu(workbench.file(workspace.photo), explain);
        await panel.waitUntilExplained();
        await panel.get('compare').click();
        await workbench.tab(`${workspace.photo} – Compare`).waitFor();
        await comparison.cellsOf('map').first().waitFor();
        await comparison.waitUntilCompared();
        const maps = await comparison.cellsOf('map').count();
        assert.ok(maps >= 8, `${maps} maps`);
        assert.equal(await comparison.cellsOf('failed').count(), 0);
        await shoot('compared methods');
        const expected = expectedMaps(surroundings, 'gae');
        const drawn = comparison.cell('Generic attention').locator('[data-testid="cell-map"]');
        const pixels = await drawn.evaluate((element) => {
          const canvas = element as HTMLCanvasElement;
          const { data } =
            canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? {};
          return { width: canvas.width, height: canvas.height, pixels: [...(data ?? [])] };
        });
        assertSamePixels(pixels, expected.draw(expected.classes[0] ?? 0, smooth));
      },
    );
    if (!opened) return;

    await check('compare: one pointer tells the value in every map', async () => {
      await comparison
        .cell('Generic attention')
        .locator('.map')
        .hover({ position: { x: 20, y: 20 } });
      const maps = await comparison.cellsOf('map').count();
      await until('each map says a value', async () => {
        const values = (await comparison.values()).filter((value) => value !== '');
        return values.length === maps;
      });
      assert.equal(await comparison.get('cell-cursor').count(), maps);
    });

    await check(
      'compare: the keys go from map to map, over the patches, and enlarge all',
      async () => {
        await comparison.cells.first().focus();
        await page.keyboard.press('ArrowRight');
        const second = await comparison.cells.nth(1).getAttribute('data-name');
        const focused = comparison.frame.locator('[data-testid="cell"]:focus');
        assert.equal(await focused.getAttribute('data-name'), second);
        await page.keyboard.press('Enter');
        const said = comparison.get('pointer-words');
        await until('a patch is read out', async () => /Row \d+ of/.test(await said.innerText()));
        const before = await said.innerText();
        await page.keyboard.press('ArrowUp');
        await until('another patch', async () => (await said.innerText()) !== before);
        await page.keyboard.press('z');
        await until('all are enlarged', async () =>
          (await comparison.zooms()).every((zoom) => zoom > 1.2),
        );
        await page.keyboard.press('0');
        await until('all are whole', async () =>
          (await comparison.zooms()).every((zoom) => Math.abs(zoom - 1) < 0.01),
        );
        await page.keyboard.press('Escape');
        await until('no patch any more', async () => (await said.innerText()) === '');
      },
    );

    await check('compare: two marked maps have a difference, and a swipe by keyboard', async () => {
      await comparison.cells.nth(0).focus();
      await page.keyboard.press('m');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('m');
      await comparison.get('pair').waitFor();
      assert.match(await comparison.get('pair-agreement').innerText(), /agree by −?[01]\.\d\d/);
      assert.match(await comparison.get('pair-summary').innerText(), /What A has more/);
      await shoot('difference');
      await page.keyboard.press('w');
      await comparison.get('swipe-at').focus();
      await page.keyboard.press('ArrowRight');
      assert.equal(await comparison.get('swipe-at').inputValue(), '51');
      await shoot('swipe');
    });

    await check('compare: methods and classes as rows and columns', async () => {
      await comparison.get('rows').selectOption('classes');
      await comparison.waitUntilCompared();
      const maps = await comparison.cellsOf('map').count();
      assert.ok(maps >= 24, `${maps} maps`);
      const agreements = await comparison.get('agreement').allInnerTexts();
      assert.ok(agreements.some((text) => /↑ −?[01]\.\d\d/.test(text)));
      await shoot('compared methods and classes');
    });

    await checkInEveryTheme(scene, 'compare: methods and classes', workbench.panel);
    await comparison.get('rows').selectOption('none');

    await check('compare: why one class and not another', async () => {
      await comparison.get('add-class').locator('summary').click();
      await comparison.get('add-contrast').click();
      await comparison.get('add-class').locator('summary').click();
      await comparison.waitUntilCompared();
      await until('each map says so', async () =>
        (await comparison.cellsOf('map').first().innerText()).includes('rather than'),
      );
      assert.ok((await comparison.cellsOf('none').count()) > 0, 'methods without classes say why');
      await shoot('contrast');
    });

    await check('compare: a model file from anywhere is compared too', async () => {
      const copy = path.join(
        workspace.folder,
        '..',
        `elsewhere-${path.basename(workspace.folder)}`,
      );
      cpSync(path.join(surroundings.repository, 'models/starter'), copy, { recursive: true });
      try {
        const held = comparison.get('held-models');
        const before = await held.inputValue();
        await held.selectOption('browse:');
        await workbench.browseTo(path.join(copy, 'model.onnx'), 'Compare with Another Model');
        await until('it is held', async () => (await held.inputValue()).includes('elsewhere-'));
        await comparison.waitUntilCompared();
        assert.equal(await comparison.cellsOf('failed').count(), 0);
        assert.ok((await comparison.cellsOf('map').count()) > 0);
        await shoot('compared with a file from elsewhere');
        await held.selectOption(before);
        await comparison.waitUntilCompared();
      } finally {
        rmSync(copy, { recursive: true, force: true });
      }
    });

    await check('compare: it survives a reload', async () => {
      await comparison.get('common-scale').click();
      const asked = await comparison.get('held-classes').inputValue();
      await workbench.reload();
      await workbench.tab(`${workspace.photo} – Compare`).waitFor();
      await comparison.waitUntilCompared();
      assert.equal(await comparison.get('held-classes').inputValue(), asked);
      assert.equal(await comparison.get('common-scale').getAttribute('aria-pressed'), 'true');
    });

    await check('compare: it is saved as a picture and as a page', async () => {
      const stem = `${path.parse(workspace.photo).name}.compare`;
      for (const format of ['png', 'html']) {
        await comparison.get(`save-${format}`).click();
        const input = page.locator('.quick-input-widget input[type="text"]').first();
        await until('the dialog asks', async () =>
          (await input.inputValue()).endsWith(`${stem}.${format}`),
        );
        await input.press('Enter');
        const file = path.join(workspace.folder, `${stem}.${format}`);
        await until('it is written', () => existsSync(file) && statSync(file).size > 0);
      }
      const saved = path.join(workspace.folder, stem);
      const { width, height } = await sharp(`${saved}.png`).metadata();
      assert.ok(width > 600 && height > 600, `${width} × ${height}`);
      const html = readFileSync(`${saved}.html`, 'utf8');
      assert.equal(
        html.split('<img src="data:image/png;base64,').length - 1,
        await comparison.cellsOf('map').count(),
      );
      assert.doesNotMatch(html, /https?:/);
    });

    await check(
      'compare: a panel tells why one class and not another, also after a reload',
      async () => {
        await workbench.runCommand('View: Close All Editors');
        await workbench.chooseFromContextMenu(workbench.file(workspace.photo), explain);
        await panel.waitUntilExplained();
        const [, second = 0] = await panel.classIndices();
        await panel.get('contrast').selectOption(String(second));
        const summary = panel.get('summary');
        const saysSo = async () => (await summary.innerText()).includes('rather than');
        await until('the map says so', saysSo);
        await shoot('contrast in the panel');
        await workbench.reload();
        await workbench.tab(workspace.photo).waitFor();
        await until('it says so again', saysSo);
        await panel.get('contrast').selectOption('');
        await until('the class alone', async () => !(await saysSo()));
      },
    );

    await check('compare: pictures that are selected in the explorer', async () => {
      await workbench.runCommand('View: Close All Editors');
      await workbench.file('second.webp').click();
      await workbench.tab('second.webp').waitFor();
      await workbench.file('third.jpg').click({ modifiers: ['Control'] });
      await workbench.chooseFromContextMenu(workbench.file('third.jpg'), comparePictures);
      await workbench.tab('2 pictures – Compare').waitFor();
      await comparison.waitUntilCompared();
      assert.equal(await comparison.cellsOf('map').count(), 2);
      await shoot('compared pictures');
    });

    await checkInEveryTheme(scene, 'compare: pictures', workbench.panel);

    await check('compare: the console holds no error of ours', async () => {
      assert.deepEqual(workbench.errorsOfOurs(), []);
      return Promise.resolve();
    });
  });
}
