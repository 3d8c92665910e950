/** Methods compared on a folder: the same figures as on the command line, and what is done with them. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { EvaluationSummary } from '../../../src/shared/evaluation';
import { checkInEveryTheme } from '../accessibility';
import { GalleryPage } from '../gallery-page';
import { inWindow, until } from '../suite';
import type { Surroundings } from '../surroundings';

const title = 'Compare Methods on This Folder';
const minutes = 60_000;

export async function evaluationSuite(surroundings: Surroundings): Promise<void> {
  const { repository } = surroundings;
  const folder = mkdtempSync(path.join(tmpdir(), 'vit-explainer-methods-'));
  const inFolder = (...names: string[]): string => path.join(folder, ...names);
  for (const [label, ...photographs] of [
    ['cat', 'cat.jpg'],
    ['dog', 'dog.jpg', 'another-dog.jpg'],
  ] as const) {
    mkdirSync(inFolder('animals', label), { recursive: true });
    for (const name of photographs)
      copyFileSync(path.join(repository, 'media/samples', name), inFolder('animals', label, name));
  }
  writeFileSync(inFolder('animals', 'dog', 'torn.jpg'), 'no picture');
  // A model of one's own has a manifest.
  cpSync(path.join(repository, 'models/starter'), inFolder('model'), { recursive: true });
  const model = inFolder('model', 'model.onnx');
  mkdirSync(inFolder('.vscode'));
  writeFileSync(
    inFolder('.vscode', 'settings.json'),
    JSON.stringify({ 'vitExplainer.model': model }),
  );
  try {
    await inWindow(
      surroundings,
      async (scene) => {
        const { check, workbench, shoot } = scene;
        const page = new GalleryPage(workbench.page);
        const rows = page.get('method-row');
        const idsOf = (): Promise<(string | null)[]> =>
          rows.evaluateAll((all) => all.map((row) => row.getAttribute('data-id')));

        let measuring = Infinity;
        const compared = await check(
          'methods are compared, and can be stopped and gone on with',
          async () => {
            await workbench.chooseFromContextMenu(workbench.file('animals'), title);
            await page.waitFor('running', 2 * minutes);
            const started = performance.now();
            await page.get('cancel').click();
            await page.waitFor('cancelled');
            await page.get('retry').click();
            await page.waitFor('done', 5 * minutes);
            measuring = performance.now() - started;
            assert.match(await page.get('progress').innerText(), /All 4 measured/);
            assert.match(await page.get('broken').innerText(), /torn\.jpg/);
            await shoot('methods');
          },
        );
        if (!compared) return;

        await check('the table has the figures of the command line', async () => {
          const report = inFolder('expected.json');
          execFileSync(
            process.execPath,
            [
              path.join(repository, 'dist/cli.js'),
              ...['evaluate', inFolder('animals'), '--model', model],
              ...['--methods', 'libra_fullgrad,attention_rollout', '--json', report],
            ],
            { stdio: ['ignore', 'ignore', 'pipe'] },
          );
          const expected = JSON.parse(readFileSync(report, 'utf8')) as EvaluationSummary;
          assert.ok(expected.rows.length >= 4);
          for (const { id, means } of expected.rows) {
            const row = page.get('methods').locator(`tr[data-id="${id}"]`);
            const [mean = ''] = (await row.locator('td').first().innerText()).split(' ');
            assert.equal(Number(mean.replace('−', '-')), Number(means.abc?.mean.toFixed(3)), id);
          }
        });

        await check('what methods cost is measured here', async () => {
          await until(
            'there is a column for it',
            async () => (await page.get('methods').locator('thead').innerText()).includes('Cost'),
            2 * minutes,
          );
          assert.ok(Number(await rows.first().locator('td').last().innerText()) > 0.5);
        });

        await check('a picture opens its explanation by the method beside', async () => {
          const method = (await idsOf()).find((id) => id !== 'centre' && id !== 'random');
          const picture = page.get('method-picture').first();
          await until('the pictures are loaded', () =>
            page
              .get('method-detail')
              .locator('img')
              .evaluateAll((images) =>
                images.every((one) => one instanceof HTMLImageElement && one.naturalWidth > 0),
              ),
          );
          await picture.click();
          const panel = page.panelBeside;
          await panel.waitUntilExplained();
          assert.equal(await panel.get('method').inputValue(), method);
          await workbench.page.keyboard.press('Control+w');
        });

        await check('another method is made that of the model, in its manifest', async () => {
          const manifest = inFolder('model', 'model.vit.json');
          assert.equal(existsSync(manifest), false);
          const row = (id: string) => page.get('methods').locator(`tr[data-id="${id}"]`);
          assert.match(await row('libra_fullgrad').innerText(), /in use/);
          const method = 'attention_rollout';
          await row(method).getByRole('button').click();
          await page.get('method-detail').getByTestId('use-method').click();
          await page.get('method-detail').getByTestId('method-used').waitFor();
          assert.deepEqual(JSON.parse(readFileSync(manifest, 'utf8')), { format: 1, method });
          assert.match(await row(method).innerText(), /in use/);
        });

        await check('the report is saved as HTML, CSV and JSON', async () => {
          for (const format of ['html', 'csv', 'json']) {
            const name = `animals.methods.${format}`;
            await page.get(`export-${format}`).click();
            const input = workbench.page.locator('.quick-input-widget input[type="text"]').first();
            await until('the dialog asks', async () => (await input.inputValue()).endsWith(name));
            await input.press('Enter');
            await until('it is written', () => existsSync(inFolder(name)));
          }
          assert.match(
            readFileSync(inFolder('animals.methods.csv'), 'utf8'),
            /\ndog\/dog\.jpg,dog,/,
          );
          const saved = readFileSync(inFolder('animals.methods.html'), 'utf8');
          assert.match(saved, /<svg/);
          assert.match(saved, /<img[^>]+src="data:image\/jpeg/);
        });

        await check('after a reload all is there that was measured', async () => {
          const before = await rows.first().innerText();
          await workbench.reload();
          const started = performance.now();
          await page.waitFor('done', minutes);
          assert.ok(performance.now() - started < measuring / 2, 'it was measured again');
          assert.equal((await rows.first().innerText()).slice(0, 20), before.slice(0, 20));
        });

        await check('every control has a name for screen readers', async () => {
          assert.deepEqual(await page.explanation.namelessControls(), []);
          assert.deepEqual(workbench.errorsOfOurs(), []);
        });

        await checkInEveryTheme(scene, 'methods on a folder', page.explanation.frame);
      },
      { folder },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
