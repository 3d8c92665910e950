/** The page of a model file: what was found in it, and what is stated of it. */
import assert from 'node:assert/strict';
import { copyFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { timmWeights } from '../../fixtures/intake/place-checkpoint';
import { torchArchive } from '../../fixtures/intake/torch-archive';
import { checkInEveryTheme } from '../accessibility';
import { ModelPage } from '../model-page';
import { inWindow } from '../suite';
import type { Surroundings } from '../surroundings';

const widths = [320, 400, 800, 1600] as const;

export async function modelPageSuite(surroundings: Surroundings): Promise<void> {
  const { repository } = surroundings;
  const folder = mkdtempSync(path.join(tmpdir(), 'vit-explainer-model-'));
  const inFolder = (...names: string[]): string => path.join(folder, ...names);
  const starter = (name: string): string => path.join(repository, 'models/starter', name);
  copyFileSync(starter('model.onnx'), inFolder('own.onnx'));
  copyFileSync(starter('labels.json'), inFolder('own.labels.json'));
  writeFileSync(inFolder('plain.pth'), torchArchive({ model: timmWeights(64, 49, 32) }));
  writeFileSync(inFolder('bad.onnx'), 'a text that is called like a model\n');
  cpSync(path.join(repository, 'media/samples'), inFolder('pictures'), { recursive: true });
  try {
    await inWindow(
      surroundings,
      async ({ check, workbench, shoot }) => {
        const page = new ModelPage(workbench);
        await workbench.waitForContextMenu(
          workbench.file('own.onnx'),
          'Show What Is in This Model',
        );

        await check('a file that is no model is a sentence, and nothing is asked', async () => {
          await page.open('bad.onnx');
          await page.get('failure').waitFor();
          assert.match(await page.get('failure').innerText(), /bad\.onnx/);
          assert.equal(await page.get('found').count(), 0);
          assert.equal(await workbench.page.locator('.quick-input-widget:visible').count(), 0);
          await shoot('model page no model');
          await page.get('open-as-text').click();
          await workbench.page.getByText('a text that is called like a model').waitFor();
        });

        await check('an ONNX file opens on what was found in it', async () => {
          await page.open('own.onnx');
          await page.waitUntilRead();
          const found = await page.get('found').innerText();
          assert.match(found, /Blocks\s+\d+ of dimension \d+ with \d+ heads/i);
          assert.match(found, /Tokens\s+\d+, of which 1 before/i);
          assert.match(await page.get('classes').innerText(), /26 classes/);
          assert.match(await page.get('methods-here').innerText(), /Libra FullGrad\+/);
        });

        await check('classes are found by name and by number', async () => {
          await page.get('find-class').fill('cat');
          const names = await page.get('class-name').allInnerTexts();
          assert.ok(names.length > 0 && names.length < 26);
          assert.ok(names.some((name) => name.endsWith(' cat')));
          await page.get('find-class').fill('3');
          assert.match(await page.get('class-name').first().innerText(), /^3 /);
          await page.get('find-class').fill('');
        });

        await checkInEveryTheme({ check, workbench, shoot }, 'model page', page.frame);

        for (const [theme, name] of [
          ['Light Modern', 'light'],
          ['Dark Modern', 'dark'],
        ] as const) {
          await workbench.chooseTheme(theme);
          for (const width of widths) {
            await workbench.page.setViewportSize({ width, height: 1000 });
            await workbench.page.waitForTimeout(300);
            await shoot(`model page ${width} ${name}`);
          }
          await workbench.page.setViewportSize({ width: 1360, height: 860 });
        }
        await check('the page raises no errors', () => {
          assert.deepEqual(workbench.errorsOfOurs(), []);
          return Promise.resolve();
        });
      },
      { folder },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
