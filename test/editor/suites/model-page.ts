/** The page of a model file: what was found in it, and what is stated of it. */
import assert from 'node:assert/strict';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import type { Manifest } from '../../../src/shared/manifest';
import { timmWeights } from '../../fixtures/intake/place-checkpoint';
import { torchArchive } from '../../fixtures/intake/torch-archive';
import { checkInEveryTheme } from '../accessibility';
import { ModelPage } from '../model-page';
import { inWindow, until } from '../suite';
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
  for (const animal of ['cat', 'dog']) {
    mkdirSync(inFolder('pictures', animal), { recursive: true });
    const photo = `${animal}.jpg`;
    copyFileSync(
      path.join(repository, 'media/samples', photo),
      inFolder('pictures', animal, photo),
    );
  }
  writeFileSync(inFolder('pictures', 'dog', 'torn.jpg'), 'no picture');
  writeFileSync(
    inFolder('list.csv'),
    [
      'path,label',
      'pictures/cat/cat.jpg,cat',
      'pictures/dog/dog.jpg,dog',
      'pictures/dog/torn.jpg,dog',
    ].join('\n'),
  );
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

        const pick = (text: string): Promise<void> =>
          workbench.page
            .locator('.quick-input-list .monaco-list-row', { hasText: text })
            .first()
            .click();
        const stated = (name: string): unknown =>
          JSON.parse(readFileSync(inFolder(`${name}.vit.json`), 'utf8'));
        const isStated = (name: string, what: (manifest: Manifest) => boolean): Promise<void> =>
          until('it is stated', () => {
            const file = inFolder(`${name}.vit.json`);
            return existsSync(file) && what(JSON.parse(readFileSync(file, 'utf8')) as Manifest);
          });

        await check(
          'another preparation is kept in the manifest, and can be forgotten',
          async () => {
            await page.get('preset').selectOption('torchvision');
            assert.match(await page.get('steps').innerText(), /^short side to 82, bilinear/);
            await page.get('mean-0').fill('0,5');
            assert.match(await page.get('steps').innerText(), /means have to be three numbers/);
            assert.equal(await page.get('mean-0').getAttribute('aria-invalid'), 'true');
            await page.get('mean-0').fill('1/4');
            await page.get('std-2').fill('0.3');
            await page.get('crop-0').fill('72');
            assert.equal(existsSync(inFolder('own.vit.json')), false);
            await page.get('keep-preparation').click();
            await isStated('own', ({ preprocessing }) => preprocessing?.mean[0] === 0.25);
            assert.deepEqual(stated('own'), {
              format: 1,
              preprocessing: {
                resize: { rule: 'shortest-edge', size: 82 },
                interpolation: 'bilinear',
                crop: [72, 72],
                rescale: 1 / 255,
                mean: [0.25, 0.456, 0.406],
                std: [0.229, 0.224, 0.3],
              },
            });
            await page.get('preparation-source').getByText('From own.vit.json').waitFor();
            await shoot('model page stated');
            await page.get('forget-preparation').click();
            await page.get('preparation-source').getByText('Guessed as timm ViT').waitFor();
            assert.deepEqual(stated('own'), { format: 1 });
          },
        );

        await check('what is being typed outlives that the page is hidden', async () => {
          await page.get('std-0').fill('0.7');
          await page.open('plain.pth').catch(() => undefined);
          await workbench.runCommand('View: Open Previous Editor');
          await page.waitUntilRead();
          assert.equal(await page.get('std-0').inputValue(), '0.7');
          await page.get('discard-preparation').click();
          assert.equal(await page.get('std-0').inputValue(), '0.5');
        });

        await check('output, method and names of classes are stated', async () => {
          await page.get('output').selectOption('sigmoid');
          await isStated('own', ({ output }) => output === 'sigmoid');
          await page.get('method').selectOption('attention_rollout');
          await isStated('own', ({ method }) => method === 'attention_rollout');
          writeFileSync(inFolder('two.txt'), 'one\ntwo\n');
          await page.get('choose-labels').click();
          await pick('two.txt');
          await isStated('own', ({ labels }) => labels === 'two.txt');
          await page.get('labels-mismatch').waitFor();
          for (const field of ['output', 'method', 'labels']) {
            await page.get(`forget-${field}`).click();
            await page.get(`forget-${field}`).waitFor({ state: 'detached' });
          }
          await page.get('labels-mismatch').waitFor({ state: 'detached' });
          assert.deepEqual(stated('own'), { format: 1 });
        });

        await check('the presets are tried on a picture, side by side', async () => {
          await page.get('try-picture').click();
          await pick('dog.jpg');
          await page.get('trial').getByText('Done.').waitFor({ timeout: 60_000 });
          const rows = page.get('trial-row');
          assert.ok((await rows.count()) > 8);
          const used = page.frame.locator('[data-testid="trial-row"][data-used="true"]');
          assert.match(await used.innerText(), /^timm ViT[^]*in use\s+dog \d+\s%/);
          await page.get('trial').scrollIntoViewIfNeeded();
          await shoot('model page trial picture');
        });

        await check('and on a folder, with the accuracy; one of them is kept', async () => {
          const begin = async (): Promise<void> => {
            await page.get('try-dataset').click();
            await pick('list.csv');
          };
          await begin();
          const progress = page.get('trial-progress');
          await page.frame.locator('[data-testid="trial-progress"][data-kind="busy"]').waitFor();
          await page.get('cancel-trial').click();
          await progress.getByText('Cancelled; what is done stays.').waitFor();
          await begin();
          await progress.getByText('Only 2 of these pictures').waitFor({ timeout: 90_000 });
          assert.match(await page.get('trial').innerText(), /list\.csv, 3 pictures/);
          assert.match(await page.get('trial-broken').innerText(), /torn\.jpg/);
          assert.match(
            await page.get('trial-table').locator('thead').innerText(),
            /Prepared as\s+Keep\s+Right\s+In five\s+Others\s+Sure/,
          );
          const row = (name: string): Locator => page.get('trial-row').filter({ hasText: name });
          assert.match(await row('timm ViT').innerText(), /in use\s+\d+\s%\s\(\d\)/);
          await page.get('trial').scrollIntoViewIfNeeded();
          await shoot('model page trial folder');
          await row('CLIP').getByTestId('use-way').click();
          await isStated('own', ({ preprocessing }) => preprocessing?.mean[0] === 0.48145466);
          await row('CLIP').getByText('in use').waitFor();
          await page.get('forget-preparation').click();
          await row('timm ViT').getByText('in use').waitFor();
        });

        await check('a broken manifest is a sentence, and followed once it is whole', async () => {
          writeFileSync(inFolder('own.vit.json'), '{ "format": 1, "output": "sigmod" }');
          await page.get('failure').waitFor();
          assert.match(await page.get('failure').innerText(), /“output” is "sigmod" instead of/);
          await page.get('failure').getByRole('button', { name: 'Open own.vit.json' }).click();
          await workbench.tab('own.vit.json').waitFor();
          // By the schema that ships, in the editor's own JSON support.
          await workbench.page.locator('.squiggly-warning').first().waitFor();
          await shoot('manifest by its schema');
          await workbench.page.keyboard.press('Control+w');
          writeFileSync(inFolder('own.vit.json'), '{ "format": 1 }');
          await page.get('failure').waitFor({ state: 'detached' });
          await page.waitUntilRead();
        });

        await checkInEveryTheme({ check, workbench, shoot }, 'model page', page.frame);

        await check(
          'what a checkpoint leaves open is assumed, and stated on the page',
          async () => {
            await workbench.chooseFromContextMenu(
              workbench.file('plain.pth'),
              'Show What Is in This Model',
            );
            await page.waitUntilRead();
            const heads = page.frame.locator('[data-field="architecture.heads"]');
            assert.match(await heads.innerText(), /^Attention heads\s+1, since heads of 64/i);
            await page.get('state-heads').fill('1.5');
            await heads.getByText('a whole number from 1 to 4096').waitFor();
            await page.get('state-heads').fill('2');
            await page.get('keep-heads').click();
            await isStated('plain', ({ architecture }) => architecture?.heads === 2);
            await page.get('found').getByText('with 2 heads').waitFor();
            await shoot('model page checkpoint');
            await page.get('forget-architecture.heads').click();
            await page.get('found').getByText('with 1 head').waitFor();
            assert.deepEqual(stated('plain'), { format: 1 });
          },
        );

        await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
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
