/** What a gallery can be opened on: manifests, several pictures, several folders, and mixtures. */
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
import sharp from 'sharp';
import { GalleryPage } from '../gallery-page';
import { inWindow, until } from '../suite';
import type { Surroundings } from '../surroundings';

const title = 'Explain Folder with ViT';

/** A box over the middle of a picture, half as wide and high, as Pascal VOC writes it. */
async function boxIn(file: string): Promise<string> {
  const { width, height } = await sharp(file).metadata();
  const corners = [
    ['xmin', width / 4],
    ['ymin', height / 4],
    ['xmax', (3 * width) / 4],
    ['ymax', (3 * height) / 4],
  ] as const;
  const box = corners.map(([name, value]) => `<${name}>${Math.round(value)}</${name}>`).join('');
  return `<annotation><object><name>cat</name><bndbox>${box}</bndbox></object></annotation>`;
}

export async function gallerySourcesSuite(surroundings: Surroundings): Promise<void> {
  const samples = path.join(surroundings.repository, 'media/samples');
  const folder = mkdtempSync(path.join(tmpdir(), 'vit-explainer-sources-'));
  const put = (photograph: string, ...to: string[]): void => {
    const file = path.join(folder, ...to, photograph);
    mkdirSync(path.dirname(file), { recursive: true });
    copyFileSync(path.join(samples, photograph), file);
  };
  for (const name of ['cat.jpg', 'person.jpg']) put(name, 'cat');
  for (const name of ['dog.jpg', 'another-dog.jpg']) put(name, 'dog');
  for (const name of ['meal.jpg', 'pizza.jpg']) put(name);
  put('dog.jpg', 'numbered', '0');
  put('cat.jpg', 'numbered', '1');
  writeFileSync(
    path.join(folder, 'cat', 'cat.xml'),
    await boxIn(path.join(folder, 'cat', 'cat.jpg')),
  );
  writeFileSync(
    path.join(folder, 'list.csv'),
    'path,label\ncat/cat.jpg,cat\ndog/dog.jpg,dog\npizza.jpg,meal\ngone.jpg,dog\n',
  );
  writeFileSync(path.join(folder, 'pathless.csv'), 'a,b\n1,2\n');
  const { width, height } = await sharp(path.join(folder, 'dog', 'dog.jpg')).metadata();
  writeFileSync(
    path.join(folder, 'boxes.json'),
    JSON.stringify({
      images: [{ id: 1, file_name: 'dog.jpg', width, height }],
      annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [0, 0, width, height] }],
      categories: [{ id: 1, name: 'dog' }],
    }),
  );
  mkdirSync(path.join(folder, 'masks'));
  await sharp({ create: { width, height, channels: 3, background: 'black' } })
    .png()
    .toFile(path.join(folder, 'masks', 'dog.png'));
  const rows = [
    { image: 'dog/another-dog.jpg', class: 'dog' },
    { image: 'cat/cat.jpg', class: 'dog' },
    { image: 'meal.jpg' },
  ];
  writeFileSync(
    path.join(folder, 'list.jsonl'),
    rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
  );

  try {
    await inWindow(
      surroundings,
      async ({ check, workbench, shoot }) => {
        const { page } = workbench;
        const gallery = new GalleryPage(page);
        const open = async (row: string): Promise<void> => {
          await workbench.chooseFromContextMenu(workbench.file(row), title);
        };
        const close = async (): Promise<void> => {
          await workbench.runCommand('View: Close All Editors');
          await until(
            'it is closed',
            async () => (await page.locator('iframe.webview').count()) === 0,
          );
        };
        const select = async (...names: string[]): Promise<void> => {
          const [first = '', ...others] = names;
          await workbench.file(first).click();
          if (path.extname(first) !== '') await workbench.tab(first).waitFor();
          for (const name of others)
            await workbench.file(name).click({ modifiers: ['ControlOrMeta'] });
        };
        const expand = async (name: string): Promise<void> => {
          const row = workbench.file(name);
          if ((await row.getAttribute('aria-expanded')) === 'true') return;
          await row.click();
          await until(
            'it is open',
            async () => (await row.getAttribute('aria-expanded')) === 'true',
          );
        };

        await check('right click on a CSV file: its rows with labels and annotations', async () => {
          await open('list.csv');
          await gallery.waitFor('done');
          assert.deepEqual(await gallery.descriptions(), [
            'cat/cat.jpg: cat, right',
            'dog/dog.jpg: dog, right',
            'gone.jpg: “gone.jpg” could not be read from the disk: there is no such file.',
            'pizza.jpg: pizza, wrong: it is meal',
          ]);
          // Only the picture with a box has a share outside of it: it comes first.
          await gallery.get('sort').selectOption('outside true');
          assert.equal((await gallery.names())[0], 'cat/cat.jpg');
          await gallery.get('sort').selectOption('name false');
          await gallery.get('tab-summary').click();
          assert.match(await gallery.get('accuracy').innerText(), /^66\.7/);
          const outside = Number.parseFloat(await gallery.get('outside').innerText());
          assert.ok(outside > 20 && outside < 100, `${outside} % outside the box`);
          await shoot('gallery of a manifest');
          await close();
        });

        await check(
          'right click on a JSONL file: its lines, a label that is not true too',
          async () => {
            await open('list.jsonl');
            await gallery.waitFor('done');
            assert.deepEqual(await gallery.descriptions(), [
              'cat/cat.jpg: cat, wrong: it is dog',
              'dog/another-dog.jpg: dog, right',
              'meal.jpg: meal',
            ]);
            await gallery.get('filter-show').selectOption('wrong');
            await until('one is wrong', async () => (await gallery.shown()) === 1);
            await close();
          },
        );

        await check('several selected pictures: these and no others', async () => {
          await select('meal.jpg', 'pizza.jpg');
          await open('pizza.jpg');
          await gallery.waitFor('done');
          await workbench.tab('2 pictures – ViT').waitFor();
          assert.deepEqual(await gallery.descriptions(), ['meal.jpg: meal', 'pizza.jpg: pizza']);
          await close();
        });

        await check('several selected folders: the folders are the labels', async () => {
          // Opened and closed by the clicks; how they stand does not matter.
          await select('cat', 'dog');
          await open('dog');
          await gallery.waitFor('done');
          await workbench.tab('2 folders – ViT').waitFor();
          assert.deepEqual(await gallery.descriptions(), [
            'cat/cat.jpg: cat, right',
            'cat/person.jpg: person, wrong: it is cat',
            'dog/another-dog.jpg: dog, right',
            'dog/dog.jpg: dog, right',
          ]);
          await gallery.get('tab-summary').click();
          assert.match(await gallery.get('accuracy').innerText(), /^75/);
          await close();
        });

        await check('a folder, a picture and a manifest together', async () => {
          await expand('cat');
          await select('dog', 'meal.jpg', 'list.csv');
          await open('meal.jpg');
          await gallery.waitFor('done');
          await workbench.tab('1 folder, 1 list, 1 picture – ViT').waitFor();
          assert.deepEqual(await gallery.descriptions(), [
            'cat/cat.jpg: cat, right',
            'dog/another-dog.jpg: dog, right',
            'dog/dog.jpg: dog, right',
            'gone.jpg: “gone.jpg” could not be read from the disk: there is no such file.',
            'meal.jpg: meal',
            'pizza.jpg: pizza, wrong: it is meal',
          ]);
          await close();
        });

        await check('boxes from a COCO file, masks from a folder', async () => {
          await select('dog');
          await open('dog');
          await gallery.waitFor('done');
          const annotate = async (kind: string, from: string): Promise<void> => {
            await gallery.get('annotations').click();
            const row = page.locator('.quick-input-list .monaco-list-row', { hasText: kind });
            await row.click();
            const input = page.locator('.quick-input-widget input[type="text"]').first();
            await until('the dialog asks', async () =>
              (await input.inputValue()).startsWith(folder),
            );
            await input.fill(path.join(folder, from));
            const use = page
              .locator('.quick-input-widget')
              .getByRole('button', { name: 'Use', exact: true });
            let nextTry = 0;
            await until('it is used', async () => {
              const title = await gallery.get('annotations').getAttribute('title');
              if (title?.includes(path.join(folder, from)) === true) return true;
              // Enter takes a file, but only goes into a folder, and is lost on a dialog that has
              // not looked the path up yet.
              if (Date.now() < nextTry || !(await input.isVisible())) return false;
              const isInside = (await input.inputValue()).endsWith('/');
              nextTry = Date.now() + (isInside || path.extname(from) !== '' ? 5000 : 1500);
              await (isInside ? use.click() : input.press('Enter'));
              return false;
            });
            await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
            await gallery.waitFor('done');
          };
          const outside = async (): Promise<number> => {
            await gallery.get('tab-summary').click();
            const share = Number.parseFloat(await gallery.get('outside').innerText());
            await gallery.get('tab-samples').click();
            return share;
          };
          // One picture has a box that holds all of it, one has no annotation.
          await annotate('A COCO JSON file', 'boxes.json');
          assert.equal(await outside(), 0);
          await gallery.get('sort').selectOption('outside true');
          assert.deepEqual(await gallery.names(), ['dog.jpg', 'another-dog.jpg']);
          // A mask that marks nothing: all evidence is outside.
          await annotate('A folder', 'masks');
          assert.equal(await outside(), 100);
          await gallery.get('annotations').click();
          await page
            .locator('.quick-input-list .monaco-list-row', { hasText: 'Only what lies beside' })
            .click();
          await until('it is gone', async () => {
            return (await gallery.get('sort').locator('option').count()) === 4;
          });
          await close();
        });

        await check(
          'folders that are numbers: how they are read is said, and switched',
          async () => {
            await open('numbered');
            await gallery.waitFor('done');
            assert.deepEqual(await gallery.descriptions(), [
              '0/dog.jpg: dog, right',
              '1/cat.jpg: cat, right',
            ]);
            const reading = gallery.get('label-reading');
            assert.equal(await reading.inputValue(), 'numbers');
            await workbench.chooseTheme('Dark Modern');
            await shoot('gallery of numbered folders, dark');
            await reading.selectOption('numbers-from-1');
            const file = path.join(folder, 'numbered', 'vit-labels.json');
            await until('it is written', () => existsSync(file));
            assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), {
              read: 'numbers-from-1',
              labels: {},
            });
            await until('it is read anew', async () => (await gallery.get('labels').count()) === 1);
            await gallery.waitFor('done');
            const switched = ['0/dog.jpg: dog', '1/cat.jpg: cat, wrong: it is dog'];
            assert.deepEqual(await gallery.descriptions(), switched);
            await workbench.chooseTheme('Light Modern');
            await shoot('gallery of numbered folders, light');
            await workbench.chooseTheme('Dark Modern');
            await close();
            await open('numbered');
            await gallery.waitFor('done');
            assert.equal(await reading.inputValue(), 'numbers-from-1', 'it is kept');
            assert.deepEqual(await gallery.descriptions(), switched);
            await close();
          },
        );

        const picker = page.locator('.quick-input-widget');
        const input = picker.locator('input[type="text"]').first();
        const choices = picker.locator('.monaco-list-row');
        const pick = async (): Promise<void> => {
          await workbench.runCommand(title);
          await choices.filter({ hasText: 'Choose a Folder…' }).waitFor();
        };

        await check(
          'from the palette: folders and manifests of the workspace, by key',
          async () => {
            await pick();
            const labels = (await choices.locator('.label-name').allInnerTexts()).map((label) =>
              label.trim(),
            );
            assert.deepEqual(labels, [
              path.basename(folder),
              'Pictures of the Workspace…',
              'list.csv',
              'list.jsonl',
              'pathless.csv',
              'Choose a Folder…',
              'Choose a Manifest, Archives or Pictures…',
            ]);
            assert.match((await input.getAttribute('placeholder')) ?? '', /manifest \(CSV/);
            await shoot('what a gallery is opened on');
            await page.keyboard.press('Escape');
            await picker.waitFor({ state: 'hidden' });
            await page.waitForTimeout(500);
            assert.equal(await page.locator('iframe.webview').count(), 0, 'nothing is opened');
            await pick();
            await input.fill('jsonl');
            await choices.filter({ hasText: 'Choose a Folder…' }).waitFor({ state: 'detached' });
            await page.keyboard.press('Enter');
            await gallery.waitFor('done');
            await workbench.tab('list.jsonl – ViT').waitFor();
            assert.equal(await gallery.shown(), 3);
            await close();
          },
        );

        await check('from the palette: several pictures of the workspace', async () => {
          await pick();
          await choices.filter({ hasText: 'Pictures of the Workspace…' }).click();
          for (const name of ['meal.jpg', 'pizza.jpg'])
            await choices.filter({ hasText: name }).click();
          assert.equal(await choices.count(), 9);
          await page.keyboard.press('Enter');
          await gallery.waitFor('done');
          await workbench.tab('2 pictures – ViT').waitFor();
          assert.deepEqual(await gallery.descriptions(), ['meal.jpg: meal', 'pizza.jpg: pizza']);
          await close();
        });

        await check('from the palette: a manifest that a dialog takes', async () => {
          await pick();
          await choices.filter({ hasText: 'Choose a Manifest, Archives or Pictures…' }).click();
          await until('the dialog asks', async () => (await input.inputValue()).startsWith(folder));
          await input.fill(path.join(folder, 'list.csv'));
          const opened = workbench.tab('list.csv – ViT');
          let nextTry = Date.now() + 500;
          await until('it is opened', async () => {
            if ((await opened.count()) > 0) return true;
            // A dialog that has not looked the path up yet loses the key.
            if (Date.now() >= nextTry && (await input.isVisible())) {
              nextTry = Date.now() + 5000;
              await input.press('Enter');
            }
            return false;
          });
          await gallery.waitFor('done');
          assert.equal(await gallery.shown(), 4);
          await close();
        });

        await check(
          'a folder that is renamed stays in its gallery, as it is looked at',
          async () => {
            await open('dog');
            await gallery.waitFor('done');
            await gallery.get('filter-text').fill('another');
            await until('it is filtered', async () => (await gallery.shown()) === 1);
            await workbench.rename('dog', 'hounds');
            await workbench.tab('hounds – ViT').waitFor();
            await gallery.waitFor('done');
            assert.deepEqual(await gallery.names(), ['another-dog.jpg']);
            assert.equal(await gallery.get('failure').count(), 0);
            await close();
            await workbench.rename('hounds', 'dog');
          },
        );

        await check('a file that is no dataset is answered with a sentence', async () => {
          await open('pathless.csv');
          const failure = gallery.get('failure');
          await failure.waitFor();
          assert.match(await failure.innerText(), /pathless\.csv has no column with picture paths/);
          await close();
        });

        await check('the console holds no error of ours', async () => {
          assert.deepEqual(workbench.errorsOfOurs(), []);
          return Promise.resolve();
        });
      },
      { folder },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
