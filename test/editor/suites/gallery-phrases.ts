/** A folder with a CLIP: its pictures are compared with phrases. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GalleryPage } from '../gallery-page';
import { inWindow, until } from '../suite';
import type { Surroundings } from '../surroundings';

const title = 'Explain Folder with ViT';

export async function galleryPhrasesSuite(surroundings: Surroundings): Promise<void> {
  const { repository } = surroundings;
  const clip = path.join(repository, 'test/fixtures/clip/onnx/vision_model.onnx');
  const folder = mkdtempSync(path.join(tmpdir(), 'vit-explainer-phrases-'));
  const put = (photograph: string, ...to: string[]): void => {
    const target = path.join(folder, ...to);
    mkdirSync(target, { recursive: true });
    copyFileSync(path.join(repository, 'media/samples', photograph), path.join(target, photograph));
  };
  for (const name of ['cat.jpg', 'person.jpg']) put(name, 'photographs', 'cat');
  for (const name of ['dog.jpg', 'another-dog.jpg']) put(name, 'photographs', 'my_dog');
  for (const name of ['meal.jpg', 'pizza.jpg']) put(name, 'unsorted');
  mkdirSync(path.join(folder, '.vscode'));
  writeFileSync(
    path.join(folder, '.vscode', 'settings.json'),
    JSON.stringify({ 'vitExplainer.model': clip }),
  );
  try {
    await inWindow(
      surroundings,
      async ({ check, workbench, shoot }) => {
        const gallery = new GalleryPage(workbench.page);
        const compare = async (...phrases: string[]): Promise<void> => {
          const open = await gallery.get('phrases').getAttribute('open');
          if (open === null) await gallery.get('phrases').locator('summary').click();
          await gallery.get('phrase-lines').fill(phrases.join('\n'));
          await gallery.get('use-phrases').click();
          await gallery.get('phrases').getByText(`Compared with ${phrases.length}`).waitFor();
          await gallery.waitFor('done');
        };
        /** The classes that samples have, by the filter for them. */
        const classes = async (): Promise<string[]> =>
          (await gallery.get('filter-class').locator('option').allInnerTexts()).slice(1);

        await check('the folders’ names are the phrases to begin with', async () => {
          await workbench.chooseFromContextMenu(workbench.file('photographs'), title);
          await gallery.waitFor('done');
          await gallery.get('phrases').locator('summary').click();
          assert.deepEqual((await gallery.get('phrase-lines').inputValue()).split('\n'), [
            'a photo of a cat',
            'a photo of a my dog',
          ]);
          const said = await gallery.descriptions();
          assert.equal(said.length, 4);
          for (const one of said) {
            const truth = one.startsWith('cat/') ? 'cat' : 'my dog';
            const [, answer, verdict] = /: (.*?), (right|wrong.*)$/.exec(one) ?? [];
            assert.equal(verdict, answer === truth ? 'right' : `wrong: it is ${truth}`, one);
          }
          const right = said.filter((one) => one.endsWith('right')).length;
          await gallery.get('tab-summary').click();
          assert.equal(Number.parseFloat(await gallery.get('accuracy').innerText()), 25 * right);
          await gallery.get('tab-samples').click();
          await shoot('gallery phrases');
          const { stdout, stderr } = spawnSync(
            process.execPath,
            [
              path.join(repository, 'dist/cli.js'),
              ...['batch', path.join(folder, 'photographs'), '--model', clip],
              ...['--text', 'a photo of a cat', '--text', 'a photo of a my dog'],
            ],
            { encoding: 'utf8' },
          );
          assert.equal(Number(/accuracy\s+([\d.]+) %/.exec(stdout)?.[1]), 25 * right, stderr);
        });

        await check(
          'other phrases are other answers; labels that none names count as such',
          async () => {
            await compare('a cat asleep', 'a house', 'a red car');
            assert.ok((await classes()).every((name) => /^(cat asleep|house|red car)$/.test(name)));
            assert.match(await gallery.get('phrases').innerText(), /none names the label my_dog/);
            const dogs = (await gallery.descriptions()).filter((one) => one.startsWith('my_dog/'));
            assert.ok(
              dogs.every((one) => !/right|wrong/.test(one)),
              dogs.join(),
            );
          },
        );

        await check('a sample opens with the same phrases', async () => {
          const [said = ''] = await gallery.descriptions();
          await gallery.tiles.first().dblclick();
          const panel = gallery.panelBeside;
          await panel.waitUntilExplained();
          const phrases = await panel.get('phrase').allInnerTexts();
          assert.deepEqual(
            phrases.map((text) => text.split('\n')[0]?.trim()),
            ['a cat asleep', 'a house', 'a red car'],
          );
          const [best = -1] = await panel.classIndices();
          const answer = /: (.*?)(,|$)/.exec(said)?.[1] ?? '';
          assert.ok((await panel.classRow(best).innerText()).includes(answer));
          await workbench.runCommand('View: Close All Editors');
        });

        await check('without labels it waits for phrases', async () => {
          await workbench.chooseFromContextMenu(workbench.file('unsorted'), title);
          await gallery.get('phrase-lines').waitFor();
          await until('it waits', async () => {
            const kind = await gallery.get('progress').getAttribute('data-kind');
            return kind === 'awaitingPhrases';
          });
          assert.equal(await gallery.get('use-phrases').isDisabled(), true);
          // The keys of a text are the text's own.
          await gallery.get('phrase-lines').pressSequentially('food on a plate');
          assert.equal(await gallery.get('phrase-lines').inputValue(), 'food on a plate');
          await compare('food on a plate', 'an oboe');
          assert.equal(await gallery.shown(), 2);
          assert.deepEqual(await gallery.explanation.namelessControls(), []);
        });

        await check('phrases come back after a reload', async () => {
          await workbench.reload();
          await gallery.waitFor('done');
          await gallery.get('phrases').locator('summary').click();
          assert.equal(await gallery.get('phrase-lines').inputValue(), 'food on a plate\nan oboe');
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
