/** Tar archives of samples: from the explorer, and from a path in code. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { archive, member } from '../../fixtures/tar';
import { GalleryPage } from '../gallery-page';
import { inWindow, until } from '../suite';
import type { Surroundings } from '../surroundings';

const title = 'Explain Folder with ViT';
const script = `import webdataset as wds

train = wds.WebDataset("shards/train-{0000..0001}.tar").decode("pil")
`;

export async function archivesSuite(surroundings: Surroundings): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'vit-explainer-archives-'));
  const pair = (name: string, label: string): readonly Buffer[] => [
    member(
      `${name}.jpg`,
      readFileSync(path.join(surroundings.repository, `media/samples/${name}.jpg`)),
    ),
    member(`${name}.cls`, label),
  ];
  const put = (name: string, bytes: Uint8Array | string): void => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), bytes);
  };
  put('a.tar', archive(...pair('cat', 'cat'), ...pair('dog', 'cat')));
  put('shards/train-0000.tar', archive(...pair('cat', 'cat')));
  put('shards/train-0001.tar', archive(...pair('pizza', 'pizza')).subarray(0, -3000));
  put('train.py', script);

  try {
    await inWindow(
      surroundings,
      async ({ check, workbench, shoot }) => {
        const { page } = workbench;
        const gallery = new GalleryPage(page);

        await check('right click on a tar archive: its samples with their labels', async () => {
          await workbench.chooseFromContextMenu(workbench.file('a.tar'), title);
          await gallery.waitFor('done');
          assert.deepEqual(await gallery.descriptions(), [
            'a.tar/cat.jpg: cat, right',
            'a.tar/dog.jpg: dog, wrong: it is cat',
          ]);
          await until('the pictures are there', () => gallery.picturesLoaded());
          await shoot('gallery of an archive');
        });

        await check('a sample of it in the panel beside', async () => {
          await gallery.tiles.first().dblclick();
          await gallery.panelBeside.waitUntilExplained();
          assert.deepEqual(await gallery.filmstrip.names(), ['a.tar/cat.jpg', 'a.tar/dog.jpg']);
          await until('the filmstrip has pictures', () => gallery.filmstrip.picturesLoaded());
          await shoot('a picture of an archive');
          await workbench.runCommand('View: Close All Editors');
        });

        await check(
          'the pointer on a pattern of archives in code, and what it offers',
          async () => {
            await workbench.file('train.py').dblclick();
            await workbench.tab('train.py').waitFor();
            const text = page.locator('.monaco-editor .view-line span span', { hasText: '0000' });
            const hover = page.locator('.monaco-hover:visible').filter({ hasText: title });
            await until('the hover is there', async () => {
              await page.mouse.move(5, 400);
              await text.last().hover();
              return hover
                .waitFor({ timeout: 3000 })
                .then(() => true)
                .catch(() => false);
            });
            const said = (await hover.innerText()).replaceAll('\u00A0', ' ');
            assert.match(said, /train-\{0000\.\.0001\}\.tar, \d+ kB in the first/);
            await shoot('hover on archives');
            await hover.getByRole('link', { name: title }).first().click();
            await gallery.waitFor('done');
            assert.deepEqual(await gallery.descriptions(), ['train-0000.tar/cat.jpg: cat, right']);
            assert.match(
              await gallery.get('notices').innerText(),
              /train-0001\.tar.*ends in the middle of pizza\.jpg/s,
            );
          },
        );

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
