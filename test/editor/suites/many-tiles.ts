/** A folder of twenty thousand pictures in the gallery: the page answers, and nothing grows without end. */
import assert from 'node:assert/strict';
import { copyFileSync, linkSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { extensionHosts, residentMegabytes } from '../extension-hosts';
import { GalleryPage } from '../gallery-page';
import { longestFrame } from '../longest-frame';
import { inWindow, until } from '../suite';
import type { Surroundings } from '../surroundings';

/** Links to one picture: the cache answers all but the first. */
const count = Number(process.env.VIT_EXPLAINER_TEST_TILES ?? 20_000);
/** File systems let a file have so many names, or a few more. */
const namesAFile = 30_000;
const longest = 20 * 60_000;

export async function manyTilesSuite(surroundings: Surroundings): Promise<void> {
  const { repository, server } = surroundings;
  const folder = mkdtempSync(path.join(tmpdir(), 'vit-explainer-many-'));
  const pictures = path.join(folder, 'many');
  mkdirSync(pictures);
  let linked = '';
  for (let index = 0; index < count; index++) {
    const file = path.join(pictures, nameOf(index));
    if (index % namesAFile === 0)
      copyFileSync(path.join(repository, 'media/samples/dog.jpg'), (linked = file));
    else linkSync(linked, file);
  }

  try {
    await inWindow(
      surroundings,
      async ({ check, workbench, shoot }) => {
        const gallery = new GalleryPage(workbench.page);
        const memory = (): number =>
          Math.max(...extensionHosts(server.dataFolder).map(residentMegabytes));
        /** Of all pages of the window. */
        const pageMemory = async (): Promise<number> => {
          const bytes = await gallery
            .get('tiles')
            .evaluate(
              () => (performance as { memory?: { usedJSHeapSize: number } }).memory?.usedJSHeapSize,
            );
          return (bytes ?? NaN) / 2 ** 20;
        };
        let before = 0;
        let pageBefore = 0;

        await check(`${count} pictures: the page never stands still meanwhile`, async () => {
          await workbench.chooseFromContextMenu(workbench.file('many'), 'Explain Folder with ViT');
          await gallery.get('tile').first().waitFor({ timeout: 60_000 });
          before = memory();
          pageBefore = await pageMemory();
          const stalled = gallery.get('tiles').evaluate(longestFrame);
          await gallery.waitFor('done', longest);
          await until('all are there', async () => (await gallery.shown()) === count);
          await gallery.get('tiles').evaluate((tiles) => tiles.setAttribute('data-measured', ''));
          const standstill = await stalled;
          console.log(`longest standstill ${standstill.toFixed(0)} ms`);
          assert.ok(standstill < 1500, `it stood still for ${standstill.toFixed(0)} ms`);
        });

        await check(`${count} pictures: from one end to the other`, async () => {
          const tiles = gallery.get('tiles');
          await tiles.focus();
          await workbench.page.keyboard.press('End');
          await until(
            'the last one is chosen',
            async () => (await gallery.selected()) === nameOf(count - 1),
          );
          await until('its picture is drawn', () => gallery.picturesLoaded());
          assert.ok((await gallery.tiles.count()) < 150);
          await tiles.evaluate((element) => element.removeAttribute('data-measured'));
          const stalled = tiles.evaluate(longestFrame);
          await tiles.hover();
          for (let turn = 0; turn < 30; turn++) await workbench.page.mouse.wheel(0, -1500);
          await until('the pictures there are drawn', () => gallery.picturesLoaded());
          await tiles.evaluate((element) => element.setAttribute('data-measured', ''));
          console.log(`longest standstill while scrolling ${(await stalled).toFixed(0)} ms`);
          await gallery.get('sort').selectOption('confidence true');
          await workbench.page.keyboard.press('Home');
          await until('they are drawn again', () => gallery.picturesLoaded());
          await shoot('gallery of many pictures');
        });

        await check(`${count} pictures: neither page nor host grow beyond bounds`, async () => {
          const host = memory() - before;
          const page = (await pageMemory()) - pageBefore;
          console.log(`host + ${host.toFixed(0)} MB, page + ${page.toFixed(0)} MB`);
          assert.ok(host < 100 + count / 500, `the host took ${host.toFixed(0)} MB more`);
          assert.ok(page < 60 + count / 500, `the page took ${page.toFixed(0)} MB more`);
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

function nameOf(index: number): string {
  return `${String(index).padStart(6, '0')}.jpg`;
}
