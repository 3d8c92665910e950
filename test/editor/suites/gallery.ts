/** From the right click on a folder to its report, and what a person does in between. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { checkInEveryTheme } from '../accessibility';
import { GalleryPage } from '../gallery-page';
import { inWindow, until } from '../suite';
import type { Surroundings } from '../surroundings';

const title = 'Explain Folder with ViT';
const usualMethod = 'libra_fullgrad';
/** Photographs of `media/samples` by the class folder they are put in. */
const photographs = {
  dog: ['dog.jpg', 'another-dog.jpg'],
  cat: ['cat.jpg', 'person.jpg'],
  meal: ['pizza.jpg', 'meal.jpg'],
  'my house': ['building.jpg'],
};

export async function gallerySuite(surroundings: Surroundings): Promise<void> {
  const { repository, workspace, modelPath } = surroundings;
  const folder = path.join(workspace.folder, 'animals');
  for (const [label, names] of Object.entries(photographs)) {
    mkdirSync(path.join(folder, label), { recursive: true });
    for (const name of names)
      copyFileSync(path.join(repository, 'media/samples', name), path.join(folder, label, name));
  }
  writeFileSync(path.join(folder, 'dog', 'torn.jpg'), 'no picture');
  const total = Object.values(photographs).flat().length + 1;

  await inWindow(surroundings, async (scene) => {
    const { check, workbench, shoot } = scene;
    const gallery = new GalleryPage(workbench.page);

    const opened = await check('right click on a folder: its samples appear', async () => {
      await workbench.chooseFromContextMenu(workbench.file('animals'), title);
      await gallery.waitFor('done');
      assert.equal(await gallery.shown(), total);
      assert.equal(await gallery.get('gallery-method').inputValue(), usualMethod);
      await until('all tiles are drawn', async () => (await gallery.tiles.count()) === total);
      await until('the pictures are there', () => gallery.picturesLoaded());
      assert.match(
        await gallery.get('samples-accuracy').innerText(),
        /\d\s% of \d+ labelled right/,
      );
      await shoot('gallery');
    });
    if (!opened) return;

    await check('accuracy and report are those of the command line', async () => {
      const jsonl = path.join(surroundings.results, 'gallery.jsonl');
      const { stdout, stderr } = spawnSync(
        process.execPath,
        [
          path.join(repository, 'dist/cli.js'),
          'batch',
          folder,
          '--jsonl',
          jsonl,
          ...(modelPath === undefined ? [] : ['--model', modelPath]),
        ],
        { encoding: 'utf8' },
      );
      const accuracy = Number(/accuracy\s+([\d.]+) %/.exec(stdout)?.[1]);
      assert.ok(accuracy >= 0, stderr);
      await gallery.get('tab-summary').click();
      const shown = await gallery.get('accuracy').innerText();
      assert.equal(Number.parseFloat(shown), Number(accuracy.toFixed(1)));
      const figures = async (testId: string): Promise<number[]> =>
        (await gallery.get(testId).innerText()).split(',').map(Number.parseFloat);
      const printed = (name: string): number[] =>
        (new RegExp(`${name} +(.*)`).exec(stdout)?.[1] ?? '').split(',').map(Number.parseFloat);
      for (const name of ['border', 'corners']) {
        const [there, here] = [printed(name), await figures(name)];
        assert.equal(here.length, name === 'border' ? 1 : 4);
        here.forEach((share, at) => assert.ok(Math.abs(share - (there[at] ?? NaN)) < 1, name));
      }
      assert.deepEqual(await figures('broken'), [1]);
      const error = Number(/ECE\s+([\d.]+) %/.exec(stdout)?.[1]);
      const [there = NaN] = await figures('calibration-error');
      assert.ok(Math.abs(there - error) < 0.2, `${there} and ${error} %`);
      const rows = await gallery.get('class-table').locator('tbody tr').allInnerTexts();
      assert.match(rows.find((row) => row.startsWith('dog')) ?? '', /^dog\s+2\s/);
      await shoot('gallery summary');
    });

    await check('a cell of the confusion matrix opens its samples', async () => {
      const cell = gallery.get('cell').first();
      const count = Number(await cell.innerText());
      await cell.click();
      await until('only these are shown', async () => (await gallery.shown()) === count);
      await gallery.get('cell-filter').click();
      await until('all are shown again', async () => (await gallery.shown()) === total);
    });

    await check('mean maps of answers and of confusions open their samples', async () => {
      await gallery.get('tab-summary').click();
      const maps = await gallery.get('mean-map').allInnerTexts();
      const dogs = maps.findIndex((text) => /^dog\s+2 samples$/.test(text));
      assert.ok(dogs >= 0, maps.join('; '));
      assert.ok(
        maps.some((text) => /^cat taken for person\s+1 sample$/.test(text)),
        maps.join('; '),
      );
      const colours = await gallery
        .get('mean-map')
        .nth(dogs)
        .evaluate((button) => {
          const canvas = button.querySelector('canvas');
          const pixels = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height);
          return new Set(new Uint32Array(pixels?.data.buffer ?? new ArrayBuffer(0))).size;
        });
      assert.ok(colours > 20, `${colours} colours`);
      await gallery.get('mean-map').nth(dogs).click();
      await until('the dogs are shown', async () => (await gallery.shown()) === 2);
      await gallery.get('filter-class').selectOption('');
    });

    await check('the most confident mistakes come first, and open', async () => {
      await gallery.get('tab-summary').click();
      const mistakes = await gallery.get('mistake').allInnerTexts();
      const shares = mistakes.map((text) => Number(/(\d+)\s%/.exec(text)?.[1]));
      assert.ok(mistakes.length >= 2, mistakes.join());
      assert.deepEqual(
        shares,
        [...shares].sort((a, b) => b - a),
      );
      assert.match(mistakes[0] ?? '', /^pizza \d+\s%, is meal/);
      await gallery.get('mistake').first().click();
      await workbench.tab('pizza.jpg – ViT').waitFor();
      assert.equal(await gallery.selected(), 'meal/pizza.jpg');
      await gallery.panelBeside.waitUntilExplained();
      await workbench.tab('pizza.jpg – ViT').click({ button: 'middle' });
    });

    await check('filters and order', async () => {
      await gallery.get('filter-text').fill('cat');
      await until('two samples are left', async () => (await gallery.shown()) === 2);
      await gallery.get('filter-text').fill('');
      await gallery.get('filter-show').selectOption('unreadable');
      await until('the broken one is left', async () => (await gallery.shown()) === 1);
      assert.match(await gallery.tiles.first().innerText(), /not a picture/);
      await gallery.get('filter-show').selectOption('all');
      await gallery.get('sort').selectOption('confidence true');
      const names = await gallery.names();
      const shares = await gallery.shares();
      assert.deepEqual(
        shares,
        [...shares].sort((a, b) => b - a),
      );
      assert.equal(names.at(-1), 'dog/torn.jpg');
      await gallery.get('sort').selectOption('name false');
    });

    await check('while O is held the pictures are shown without maps', async () => {
      await gallery.get('tiles').focus();
      await workbench.page.keyboard.down('o');
      await until('no map is seen', async () => !(await gallery.mapsVisible()));
      await workbench.page.keyboard.up('o');
      await until('the maps are back', () => gallery.mapsVisible());
    });

    await check('arrow keys and Enter walk through samples in the full panel', async () => {
      await gallery.get('tiles').focus();
      await workbench.page.keyboard.press('Home');
      await workbench.page.keyboard.press('Enter');
      const names = await gallery.names();
      const file = (at: number): string => path.basename(names[at] ?? '');
      await workbench.tab(`${file(0)} – ViT`).waitFor();
      await gallery.panelBeside.waitUntilExplained();
      await shoot('gallery walk');
      await workbench.page.keyboard.press('ArrowRight');
      await workbench.tab(`${file(1)} – ViT`).waitFor();
      await until(
        'the panel before is gone',
        async () => (await workbench.tab(`${file(0)} – ViT`).count()) === 0,
      );
      assert.equal(await gallery.selected(), names[1]);
      await gallery.panelBeside.waitUntilExplained();
      await gallery.panelBeside.get('map').focus();
      await workbench.page.keyboard.press('Alt+.');
      await workbench.tab(`${file(2)} – ViT`).waitFor();
      await until('the gallery is there too', async () => (await gallery.selected()) === names[2]);
      await workbench.tab(`${file(2)} – ViT`).click({ button: 'middle' });
    });

    await check(
      'a label that fits no class gets one, which is kept beside the dataset',
      async () => {
        await gallery.get('labels').locator('summary').click();
        await shoot('gallery labels');
        await gallery.get('label-class').fill('building');
        await gallery.get('label-class').press('Enter');
        const file = path.join(folder, 'vit-labels.json');
        await until('it is written', () => existsSync(file));
        assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), { 'my house': 'building' });
        await gallery.get('labels').waitFor({ state: 'detached' });
        await gallery.waitFor('done');
        assert.equal(await gallery.shown(), total);
      },
    );

    await check('answers among the dataset’s classes stand beside those among all', async () => {
      const model = modelPath === undefined ? [] : ['--model', modelPath];
      const { stdout, stderr } = spawnSync(
        process.execPath,
        [path.join(repository, 'dist/cli.js'), 'batch', folder, '--among', 'dataset', ...model],
        { encoding: 'utf8' },
      );
      const printed = [...stdout.matchAll(/accuracy\s+([\d.]+) %/g)].map(([, share]) =>
        Number(share),
      );
      assert.equal(printed.length, 2, stderr);
      const [all = NaN, some = NaN] = printed.map((share) => Number(share.toFixed(1)));
      await gallery.get('tab-summary').click();
      assert.equal(Number.parseFloat(await gallery.get('accuracy').innerText()), all);
      const beside = await gallery.get('accuracy-beside').innerText();
      assert.match(beside, /among the dataset’s 4 classes$/);
      assert.equal(Number.parseFloat(beside), some);
      await gallery.get('tab-samples').click();
      assert.match(
        await gallery.get('shown').innerText(),
        new RegExp(`${all}\\.?\\d*\\s% of 7 labelled right among all, ${some}`),
      );
      await gallery.get('among').selectOption('dataset');
      await until(
        'both answers are on every tile',
        async () => (await gallery.get('among-all').count()) === total - 1,
      );
      assert.match(
        await gallery.get('shown').innerText(),
        new RegExp(`${some}\\.?\\d*\\s% of 7 labelled right among the dataset’s 4 classes, ${all}`),
      );
      await shoot('gallery among');
    });

    await check('the panel beside takes its answers among the same classes', async () => {
      await gallery.get('tiles').focus();
      await workbench.page.keyboard.press('Home');
      const [first = ''] = await gallery.tiles.allInnerTexts();
      await workbench.page.keyboard.press('Enter');
      const { panelBeside: panel } = gallery;
      await panel.waitUntilExplained();
      const legend = panel.get('classes').locator('legend');
      assert.equal(await legend.innerText(), 'Among the dataset’s 4 classes');
      assert.deepEqual(
        (await panel.classIndices()).toSorted((a, b) => a - b),
        [0, 1, 14, 22],
      );
      const rows = await panel.get('class').allInnerTexts();
      assert.ok(
        rows.every((row) => /%\s+.*% among all$/s.test(row)),
        rows.join('; '),
      );
      const [name = '', share = ''] = (rows[0] ?? '').split(/\n+/);
      assert.ok(first.includes(name.replace(/ label$/, '')) && share !== '', first);

      await panel.get('among').selectOption('list');
      await panel.get('among-list').fill('dog, cat, mule');
      await panel.get('among-list').press('Enter');
      assert.match(await panel.get('among-problems').innerText(), /no class named “mule”/);
      await panel.get('among-list').fill('dog, cat, 25');
      await panel.get('among-use').click();
      await until(
        'these are the answers',
        async () => (await legend.innerText()) === 'Among 3 listed classes',
      );
      await panel.waitUntilExplained();
      await until('their maps are there', async () => (await panel.get('heatmap').count()) === 1);
      await shoot('panel among');
      assert.deepEqual(await panel.namelessControls(), []);
    });
    await checkInEveryTheme(scene, 'panel among', gallery.panelBeside.frame);
    const [walked = ''] = await gallery.names();
    await workbench.tab(`${path.basename(walked)} – ViT`).click({ button: 'middle' });

    await check('the report is saved as HTML, CSV and JSONL', async () => {
      for (const format of ['html', 'csv', 'jsonl']) {
        const name = `animals.vit.${format}`;
        await gallery.get(`export-${format}`).click();
        const input = workbench.page.locator('.quick-input-widget input[type="text"]').first();
        await until('the dialog asks', async () => (await input.inputValue()).endsWith(name));
        await input.press('Enter');
        await until('it is written', () => existsSync(path.join(workspace.folder, name)));
      }
      const html = readFileSync(path.join(workspace.folder, 'animals.vit.html'), 'utf8');
      assert.match(html, /Confusion matrix/);
      assert.match(html, /data:image\/jpeg/);
      const table = readFileSync(path.join(workspace.folder, 'animals.vit.csv'), 'utf8');
      assert.equal(table.trim().split('\n').length, total + 1);
      assert.match(table, /\ndog\/torn\.jpg,dog,,.*not a picture/);
      const lines = readFileSync(path.join(workspace.folder, 'animals.vit.jsonl'), 'utf8');
      assert.equal(lines.trim().split('\n').length, total + 1);
    });

    await check('a report is of the samples that are shown, where it is asked to be', async () => {
      await gallery.get('filter-show').selectOption('wrong');
      await until('some are left', async () => (await gallery.shown()) < total);
      const shown = await gallery.shown();
      await gallery.get('export-chosen').click();
      await gallery.get('export-csv').click();
      const name = 'animals.chosen.vit.csv';
      const input = workbench.page.locator('.quick-input-widget input[type="text"]').first();
      await until('the dialog asks', async () => (await input.inputValue()).endsWith(name));
      await input.press('Enter');
      const file = path.join(workspace.folder, name);
      await until('it is written', () => existsSync(file));
      const [head = '', ...rows] = readFileSync(file, 'utf8').trim().split('\r\n');
      assert.match(head, /,method,model_sha256,preprocessing,among_classes,made$/);
      assert.equal(rows.length, shown);
      for (const row of rows)
        assert.match(row, /,libra_fullgrad,[\da-f]{64},".*",0 1 14 22,\d{4}-\d\d-\d\d$/);
      await gallery.get('filter-show').selectOption('all');
      await until('all are shown again', async () => (await gallery.shown()) === total);
    });

    await check('every control has a name for screen readers', async () => {
      assert.deepEqual(await gallery.explanation.namelessControls(), []);
    });

    await checkInEveryTheme(scene, 'gallery', gallery.explanation.frame);
    await gallery.get('tab-summary').click();
    await checkInEveryTheme(scene, 'gallery summary', gallery.explanation.frame);
    await gallery.get('tab-samples').click();

    await check('another method: pause, go on, and every sample has its map', async () => {
      await gallery.get('gallery-method').selectOption('transformer_attribution');
      await gallery.waitFor('running');
      await gallery.get('pause').click();
      await gallery.waitFor('paused');
      await gallery.get('resume').click();
      await gallery.waitFor('done');
      assert.equal(await gallery.shown(), total);
      await gallery.get('gallery-method').selectOption(usualMethod);
      await gallery.waitFor('done');
    });

    await check('cancelled, what is done stays; going on begins there', async () => {
      await gallery.get('gallery-method').selectOption('integrated_gradients');
      await gallery.waitFor('running');
      await until('one is done', async () => (await gallery.shown()) > 0, 60_000);
      await gallery.get('cancel').click();
      await gallery.waitFor('cancelled');
      const done = await gallery.shown();
      assert.ok(done < total, `${done} of ${total}`);
      assert.match(
        await gallery.get('progress').innerText(),
        new RegExp(`^Cancelled at ${done} of ${total}`),
      );
      await gallery.get('retry').click();
      await until('more are done', async () => (await gallery.shown()) > done, 60_000);
      await gallery.get('gallery-method').selectOption(usualMethod);
      await gallery.waitFor('done');
    });

    await check('cancelled while the model is being opened, it can go on too', async () => {
      await gallery.get('gallery-method').selectOption('gae');
      await gallery.get('cancel').click();
      await gallery.get('retry').click();
      await gallery.waitFor('done');
      assert.equal(await gallery.shown(), total);
      await gallery.get('gallery-method').selectOption(usualMethod);
      await gallery.waitFor('done');
    });

    await check('it comes back after a reload', async () => {
      await gallery.get('filter-text').fill('dog');
      await workbench.reload();
      await gallery.waitFor('done');
      assert.equal(await gallery.get('filter-text').inputValue(), 'dog');
      await gallery.get('filter-text').fill('');
      await until('all samples', async () => (await gallery.shown()) === total);
    });

    await check('the console holds no error of ours', async () => {
      assert.deepEqual(workbench.errorsOfOurs(), []);
      return Promise.resolve();
    });
  });
}
