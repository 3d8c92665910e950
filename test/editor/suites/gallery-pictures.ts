/** The pictures of the gallery in README and walkthrough, taken from the real thing into `media`. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp, { type Region } from 'sharp';
import { GalleryPage } from '../gallery-page';
import { inWindow, until } from '../suite';
import type { Surroundings } from '../surroundings';

/** Photographs of `media/samples` by the class of the starter that they show. */
const photographs = {
  building: ['building'],
  cat: ['cat'],
  dog: ['dog', 'another-dog', 'dog-and-cat'],
  meal: ['meal'],
  person: ['person'],
  pizza: ['pizza'],
};

export async function picturesOfGallerySuite(surroundings: Surroundings): Promise<void> {
  const media = path.join(surroundings.repository, 'media');
  const folder = mkdtempSync(path.join(tmpdir(), 'vit-explainer-gallery-'));
  for (const [label, names] of Object.entries(photographs)) {
    mkdirSync(path.join(folder, 'photographs', label), { recursive: true });
    for (const name of names) {
      const file = `${name}.jpg`;
      copyFileSync(
        path.join(media, 'samples', file),
        path.join(folder, 'photographs', label, file),
      );
    }
  }
  for (const place of ['screenshots', 'walkthrough'])
    mkdirSync(path.join(media, place), { recursive: true });
  try {
    await inWindow(
      surroundings,
      async ({ check, workbench }) => {
        const { page } = workbench;
        const gallery = new GalleryPage(page);
        const save = async (name: string, area?: Region): Promise<void> => {
          await page.waitForTimeout(700);
          const picture = sharp(await page.screenshot());
          if (area !== undefined) picture.extract(area);
          await picture.png({ palette: true, quality: 90 }).toFile(path.join(media, `${name}.png`));
        };
        await check('pictures: gallery', async () => {
          await workbench.chooseTheme('Dark Modern');
          await workbench.chooseFromContextMenu(
            workbench.file('photographs'),
            'Explain Folder with ViT',
          );
          await gallery.waitFor('done');
          await until('the pictures are there', () => gallery.picturesLoaded());
          await save('screenshots/gallery-dark');
          await workbench.chooseTheme('Light Modern');
          await save('walkthrough/folder', { left: 348, top: 70, width: 1012, height: 768 });
          await workbench.chooseTheme('Dark Modern');
          await gallery.get('tiles').focus();
          await page.keyboard.press('ArrowRight');
          await page.keyboard.press('Enter');
          await gallery.panelBeside.waitUntilExplained();
          await save('screenshots/gallery-walk-dark');
          await workbench.chooseTheme('Light Modern');
        });
      },
      { folder },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
