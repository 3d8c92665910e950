/** The filmstrip: walking through a gallery's samples in the full panel, as the gallery shows them. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkInEveryTheme } from '../accessibility';
import { GalleryPage } from '../gallery-page';
import { inWindow, until } from '../suite';
import type { Surroundings } from '../surroundings';

/** Photographs of `media/samples` by the class folder they are put in. */
const photographs = {
  cat: ['cat.jpg', 'person.jpg'],
  dog: ['another-dog.jpg', 'dog-and-cat.jpg', 'dog.jpg'],
  meal: ['meal.jpg', 'pizza.jpg'],
};
const names = Object.entries(photographs).flatMap(([label, files]) =>
  files.map((file) => `${label}/${file}`),
);
const wrong = ['cat/person.jpg', 'meal/pizza.jpg'];

export async function galleryWalkSuite(surroundings: Surroundings): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'vit-explainer-walk-'));
  for (const [label, files] of Object.entries(photographs)) {
    const to = path.join(folder, 'photographs', label);
    mkdirSync(to, { recursive: true });
    for (const file of files)
      copyFileSync(path.join(surroundings.repository, 'media/samples', file), path.join(to, file));
  }
  writeFileSync(path.join(folder, 'notes.txt'), 'What to look for in these photographs.\n');
  try {
    await inWindow(
      surroundings,
      async (scene) => {
        const { check, workbench } = scene;
        const { page } = workbench;
        const gallery = new GalleryPage(page);
        const { panelBeside: panel } = gallery;
        const { filmstrip } = gallery;
        const isAt = async (name: string): Promise<void> => {
          await until(
            `the filmstrip is at ${name}`,
            async () => (await filmstrip.selected()) === name,
          );
          await workbench.tab(`${path.basename(name)} – ViT`).waitFor();
          await until('the gallery is there too', async () => (await gallery.selected()) === name);
        };

        const opened = await check('the panel shows all samples of the gallery', async () => {
          await workbench.chooseFromContextMenu(
            workbench.file('photographs'),
            'Explain Folder with ViT',
          );
          await gallery.waitFor('done');
          await gallery.get('tiles').focus();
          await page.keyboard.press('Home');
          await page.keyboard.press('Shift+Enter');
          await panel.waitUntilExplained();
          await isAt('cat/cat.jpg');
          assert.deepEqual(await filmstrip.names(), names);
          assert.deepEqual(await filmstrip.names('wrong'), wrong);
          assert.deepEqual(
            await filmstrip.names('right'),
            names.filter((name) => !wrong.includes(name)),
          );
          await until('the pictures are there', () => filmstrip.picturesLoaded());
          assert.match(await panel.get('walk-place').innerText(), /^1 of 7\s+cat, 79\s%, right$/);
        });
        if (!opened) return;

        await check(
          'arrow keys, Home and End walk; the panel keeps its place and its keys',
          async () => {
            await panel.frame.locator('body').evaluate((body) => (body.dataset.same = 'page'));
            for (const [key, name] of [
              ['ArrowRight', 'cat/person.jpg'],
              ['End', 'meal/pizza.jpg'],
              ['ArrowRight', 'meal/pizza.jpg'],
              ['ArrowLeft', 'meal/meal.jpg'],
              ['Home', 'cat/cat.jpg'],
            ] as const) {
              await page.keyboard.press(key);
              await isAt(name);
            }
            await panel.waitUntilExplained();
            assert.equal(await panel.frame.locator('h1').innerText(), 'cat.jpg');
            // One panel all the way, never loaded anew.
            assert.equal(
              await panel.frame.locator('body').evaluate((body) => body.dataset.same),
              'page',
            );
            assert.equal(await page.locator('.tabs-container .tab').count(), 2);
          },
        );

        await check('buttons and pictures lead to samples, and each is explained', async () => {
          await panel.get('walk-next').click();
          await isAt('cat/person.jpg');
          await panel.waitUntilExplained();
          const [best] = await panel.classIndices();
          assert.match(await panel.classRow(best ?? -1).innerText(), /person/);
          await filmstrip.frame('dog/dog.jpg').click();
          await isAt('dog/dog.jpg');
          await panel.get('walk-last').click();
          await isAt('meal/pizza.jpg');
          assert.equal(await panel.get('walk-next').getAttribute('aria-disabled'), 'true');
          await panel.get('walk-first').click();
          await isAt('cat/cat.jpg');
        });

        await check('keys pressed one upon another go as many samples on', async () => {
          for (let press = 0; press < 5; press += 1) await page.keyboard.press('ArrowRight');
          await isAt(names[5] ?? '');
          for (let press = 0; press < 9; press += 1) await page.keyboard.press('ArrowLeft');
          await isAt(names[0] ?? '');
          await panel.waitUntilExplained();
          await until('the picture is that one', async () => {
            return (await panel.frame.locator('h1').innerText()) === 'cat.jpg';
          });
          const [best] = await panel.classIndices();
          assert.match(await panel.classRow(best ?? -1).innerText(), /cat/);
        });

        await check('what was chosen in the panel stays from sample to sample', async () => {
          await panel.get('method').selectOption('attention');
          await panel.waitUntilExplained();
          await page.keyboard.press('Alt+.');
          await isAt('cat/person.jpg');
          await panel.waitUntilExplained();
          assert.equal(await panel.get('method').inputValue(), 'attention');
          await panel.get('method').selectOption('transformer_attribution');
          await panel.waitUntilExplained();
        });

        await check('filter and order of the gallery are those of the filmstrip', async () => {
          await gallery.get('filter-show').selectOption('wrong');
          await until('two are left', async () => (await filmstrip.names()).length === 2);
          assert.deepEqual(await filmstrip.names(), wrong);
          assert.match(await panel.get('walk-place').innerText(), /^1 of 2 shown/);
          await panel.get('walk-next').click();
          await isAt('meal/pizza.jpg');
          await gallery.get('filter-class').selectOption({ label: 'cat' });
          await until('one is left', async () => (await filmstrip.names()).length === 1);
          assert.equal(await filmstrip.selected(), null);
          assert.match(await panel.get('walk-place').innerText(), /^– of 1 shown/);
          await panel.get('walk-previous').click();
          await isAt('cat/person.jpg');
          await gallery.get('filter-class').selectOption('');
          await gallery.get('filter-show').selectOption('all');
          await gallery.get('sort').selectOption('confidence false');
          await until('in this order', async () => {
            return (await filmstrip.names()).join() === (await gallery.names()).join();
          });
          const order = await gallery.names();
          assert.notDeepEqual(order, names);
          await panel.get('walk-first').click();
          await isAt(order[0] ?? '');
          await panel.get('walk-next').click();
          await isAt(order[1] ?? '');
          await gallery.get('sort').selectOption('name false');
        });

        await check('hidden, the way stays; it is remembered', async () => {
          await panel.get('filmstrip-toggle').click();
          await panel.get('film-frames').waitFor({ state: 'detached' });
          await panel.get('walk-first').click();
          await until('it walks', async () => (await gallery.selected()) === 'cat/cat.jpg');
          await workbench.tab('cat.jpg – ViT').click({ button: 'middle' });
          await gallery.get('tiles').focus();
          await page.keyboard.press('Enter');
          await panel.get('walk-place').getByText('1 of 7').waitFor();
          assert.equal(await panel.get('film-frames').count(), 0);
          await panel.get('filmstrip-toggle').click();
          await panel.get('film-frames').waitFor();
        });

        await check('every control has a name for screen readers', async () => {
          assert.deepEqual(await panel.namelessControls(), []);
          const frames = filmstrip.frame('cat/person.jpg');
          assert.match(
            (await frames.getAttribute('aria-label')) ?? '',
            /^cat\/person\.jpg: person, .*wrong: it is cat$/,
          );
          assert.equal(await frames.getAttribute('aria-posinset'), '2');
        });

        await checkInEveryTheme(scene, 'filmstrip', panel.frame);

        await check('it goes on while the gallery is hidden', async () => {
          await workbench.tab('cat.jpg – ViT').click();
          await workbench.runCommand('View: Toggle Maximize Editor Group');
          await until('the gallery is hidden', async () => {
            return !(await workbench.tab('photographs – ViT').isVisible());
          });
          await panel.get('walk-next').click();
          await panel.get('walk-place').getByText('2 of 7').waitFor();
          await workbench.tab('person.jpg – ViT').waitFor();
          await workbench.runCommand('View: Toggle Maximize Editor Group');
        });

        // In a browser all webviews share one service worker, and of two that load at once one may stay
        // empty; so the gallery lies behind a text while the window reloads.
        await check('after a reload the panel belongs to its gallery again', async () => {
          await workbench.tab('photographs – ViT').click();
          await workbench.file('notes.txt').dblclick();
          await workbench.tab('notes.txt').waitFor();
          await workbench.reload();
          await panel.waitUntilExplained();
          await workbench.tab('photographs – ViT').click();
          await gallery.waitFor('done');
          await until('it is there', async () => (await filmstrip.names()).length === 7);
          await isAt('cat/person.jpg');
          await until('the pictures are there', () => filmstrip.picturesLoaded());
          await panel.get('walk-next').click();
          await isAt('dog/another-dog.jpg');
          await workbench.tab('notes.txt').click({ button: 'middle' });
        });

        await check('without its gallery the panel shows its picture alone', async () => {
          await workbench.tab('photographs – ViT').click({ button: 'middle' });
          const alone = gallery.only;
          await alone.get('filmstrip').waitFor({ state: 'detached' });
          await alone.waitUntilExplained();
        });

        await check('the console holds no error of ours', async () => {
          // Newer editors tell of pictures that a webview was reading when it was hidden or reloaded.
          const errors = workbench
            .errorsOfOurs()
            .filter((text) => !text.includes('loadLocalResource'));
          assert.deepEqual(errors, []);
          return Promise.resolve();
        });
      },
      { folder },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
