/** The window around the panel: reload, other ways in, themes. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { checkInEveryTheme } from '../accessibility';
import { assertSamePixels, expectedMaps } from '../expected-map';
import { inWindow, until } from '../suite';
import type { Surroundings } from '../surroundings';

const title = 'Explain Image with ViT';

export async function windowSuite(surroundings: Surroundings): Promise<void> {
  const deep = path.join(surroundings.workspace.folder, 'deep.png');
  await writeDeepPicture(deep);
  await inWindow(surroundings, async (scene) => {
    const { check, workbench, panel, workspace } = scene;
    await check('window: the picture preview’s title bar explains the picture', async () => {
      await workbench.waitForContextMenu(workbench.file('third.jpg'), title);
      const button = workbench.page.locator('.editor-actions').getByRole('button', { name: title });
      // Right after the start the editor may not know yet that it has a preview of pictures.
      await until('the picture is previewed', async () => {
        await workbench.runCommand('View: Close All Editors');
        await workbench.file('third.jpg').dblclick();
        await workbench.tab('third.jpg').waitFor();
        return button.waitFor({ timeout: 3000 }).then(
          () => true,
          () => false,
        );
      });
      await button.click();
      await workbench.tab('third.jpg – ViT').waitFor();
      await panel.waitUntilExplained();
    });

    await check('window: the palette asks for a picture of the workspace', async () => {
      await workbench.runCommand('View: Close All Editors');
      await workbench.runCommand(`ViT Explainer: ${title}`);
      const rows = workbench.page.locator('.quick-input-list .monaco-list-row');
      await rows.filter({ hasText: workspace.photo }).first().click();
      await workbench.tab(workspace.photo).waitFor();
      await panel.waitUntilExplained();
    });

    await check('window: commands that make no sense now are not in the palette', async () => {
      await panel.waitUntilExplained();
      await until('nothing is under way', async () => {
        const offered = await workbench.paletteEntries('ViT Explainer: Cancel');
        return !offered.some((entry) => entry.startsWith('ViT Explainer: Cancel'));
      });
      let entries: readonly string[] = [];
      await until('other commands are offered', async () => {
        entries = await workbench.paletteEntries('ViT Explainer:');
        return entries.some((entry) => entry.includes('Manage Models'));
      });
      assert.ok(!entries.some((entry) => entry.includes('This Model')), entries.join(', '));
    });

    await check('window: several selected pictures open a panel each', async () => {
      await workbench.runCommand('View: Close All Editors');
      await workbench.file('second.webp').click();
      await workbench.tab('second.webp').waitFor();
      await workbench.file('third.jpg').click({ modifiers: ['Control'] });
      await workbench.chooseFromContextMenu(workbench.file('third.jpg'), title);
      await workbench.tab('second.webp – ViT').waitFor();
      await workbench.tab('third.jpg – ViT').waitFor();
      await panel.waitUntilExplained();
      await workbench.runCommand('View: Close All Editors');
    });

    await check('window: what a person chose survives a reload', async () => {
      await workbench.chooseFromContextMenu(workbench.file(workspace.photo), title);
      await panel.waitUntilExplained();
      const [, , third = 0] = await panel.classIndices();
      await panel.get('method').selectOption('attention_rollout');
      await panel.waitUntilExplained();
      await panel.classRow(third).click();
      await panel.get('drawing-patches').click();
      await workbench.reload();
      await workbench.tab(workspace.photo).waitFor();
      await panel.waitUntilExplained();
      assert.equal(await panel.get('method').inputValue(), 'attention_rollout');
      assert.equal(await panel.selectedClass(), third);
      const style = {
        colourMap: 'viridis',
        smooth: false,
        otsu: false,
      } as const;
      const expected = expectedMaps(surroundings, 'attention_rollout', [third]);
      assertSamePixels(await panel.heatmapPixels(), expected.draw(third, style));
      await panel.get('drawing-smooth').click();
      await panel.get('method').selectOption('libra_fullgrad');
      await panel.waitUntilExplained();
    });

    await check('window: black and white of a 16-bit picture survive a reload', async () => {
      await workbench.chooseFromContextMenu(workbench.file('deep.png'), title);
      await panel.waitUntilExplained();
      assert.match(await panel.get('remarks').innerText(), /Choose black and white below/);
      await panel.get('level-unit').selectOption('percent');
      await panel.get('level-apply').click();
      const inEffect = panel.get('levels-in-effect');
      const isChosen = async () => (await inEffect.innerText()).endsWith('Only for this picture.');
      await until('the window is in effect', isChosen);
      await panel.waitUntilExplained();
      assert.equal(await panel.get('remarks').count(), 0);
      await workbench.reload();
      await workbench.tab('deep.png').waitFor();
      await panel.waitUntilExplained();
      assert.ok(await isChosen());
      assert.equal(await panel.get('level-unit').inputValue(), 'percent');
      await panel.get('level-reset').click();
      await until('the window is forgotten', async () => !(await isChosen()));
      await panel.waitUntilExplained();
      await workbench.runCommand('View: Close All Editors');
      // Other suites count the pictures of the workspace.
      rmSync(deep);
      await workbench.chooseFromContextMenu(workbench.file(workspace.photo), title);
      await panel.waitUntilExplained();
    });

    await checkInEveryTheme(scene, 'window: the panel', workbench.panel);

    await check('window: the console holds no error of ours', async () => {
      assert.deepEqual(workbench.errorsOfOurs(), []);
      return Promise.resolve();
    });
  });
}

/** 16-bit grey that uses a small part of its range. */
async function writeDeepPicture(file: string): Promise<void> {
  const numbers = Uint16Array.from({ length: 64 * 64 }, (_, at) => 16 + (at % 64) * 60);
  const raw = { width: 64, height: 64, channels: 1 } as const;
  await sharp(numbers, { raw }).toColourspace('grey16').png().toFile(file);
}
