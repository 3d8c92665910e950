/**
 * The page that the editor shows of the installed extension: its README, with the pictures drawn. They
 * are inside it, which recent editors leave out; there, pictures need the address of a repository.
 */
import assert from 'node:assert/strict';
import { inWindow, until } from '../suite';
import type { Surroundings } from '../surroundings';

export async function detailsPageSuite(surroundings: Surroundings): Promise<void> {
  // Of an extension under development the editor shows the README as it stands in the repository.
  if (surroundings.vsix === undefined) return;
  await inWindow(surroundings, async ({ check, shoot, workbench }) => {
    await check('details page: the pictures of the README are drawn', async () => {
      const { page, panel } = workbench;
      await page.keyboard.press('Control+Shift+X');
      await page.locator('.extension-list-item', { hasText: 'ViT Explainer' }).first().click();
      const pictures = panel.locator('img[alt]');
      await until('the README is shown', async () => (await pictures.count()) > 0);
      const widths = () =>
        pictures.evaluateAll((all) =>
          all.map((picture) => (picture instanceof HTMLImageElement ? picture.naturalWidth : 0)),
        );
      await until('every picture is drawn', async () =>
        (await widths()).every((width) => width > 0),
      );
      assert.equal((await widths()).length, 2);
      await shoot('details page');
    });
  });
}
