/**
 * The pictures of README and walkthrough, taken from the real thing: `npm run test:editor -- --suite
 * pictures` writes them anew into `media/`.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { ComparisonPage } from '../comparison-page';
import { inWindow, until } from '../suite';
import type { Surroundings } from '../surroundings';

const title = 'Explain Image with ViT';
const photo = 'dog.jpg';

export async function picturesSuite(surroundings: Surroundings): Promise<void> {
  const media = path.join(surroundings.repository, 'media');
  mkdirSync(path.join(media, 'walkthrough'), { recursive: true });
  mkdirSync(path.join(media, 'screenshots'), { recursive: true });
  await inWindow(
    surroundings,
    async ({ check, workbench, panel }) => {
      const { page } = workbench;
      const save = async (file: string, area?: Area): Promise<void> => {
        const picture = sharp(await page.screenshot());
        if (area !== undefined) picture.extract(area);
        await picture.png({ palette: true, quality: 90 }).toFile(path.join(media, file));
      };
      const sides = { left: 348, top: 70, width: 1012, height: 768 };

      await check('pictures: light', async () => {
        await workbench.chooseTheme('Light Modern');
        await workbench.waitForContextMenu(workbench.file(photo), title);
        await workbench.openContextMenu(workbench.file(photo));
        await page.getByRole('menuitem', { name: title, exact: true }).hover();
        await page.waitForTimeout(500);
        await save('walkthrough/explain.png', { left: 0, top: 35, width: 760, height: 620 });
        await page.keyboard.press('Escape');
        await workbench.chooseFromContextMenu(workbench.file(photo), title);
        await panel.waitUntilExplained();
        await until('all maps are there', async () => (await panel.get('cancel').count()) === 0);
        await page.waitForTimeout(500);
        await save('screenshots/panel-light.png');
        await save('walkthrough/read.png', sides);
        await workbench.runCommand('ViT Explainer: Choose Model');
        await page.locator('.quick-input-list .monaco-list-row').first().waitFor();
        await page.mouse.move(5, 400); // off the field, which would show its hint
        await page.waitForTimeout(500);
        await save('walkthrough/model.png', { left: 180, top: 0, width: 1000, height: 640 });
        await page.keyboard.press('Escape');
      });

      await check('pictures: dark and high contrast', async () => {
        await panel.get('method').selectOption('libra_fullgrad');
        for (const [theme, name] of [
          ['Dark High Contrast', 'high-contrast'],
          ['Dark Modern', 'dark'],
        ] as const) {
          await workbench.chooseTheme(theme);
          await panel.waitUntilExplained();
          await page.waitForTimeout(700);
          await save(`screenshots/panel-${name}.png`);
        }
        await workbench.chooseTheme('Light Modern');
      });

      await check('pictures: maps beside each other', async () => {
        await workbench.chooseFromContextMenu(workbench.file(photo), title);
        await panel.waitUntilExplained();
        await workbench.chooseTheme('Dark Modern');
        await panel.get('compare').click();
        const comparison = new ComparisonPage(workbench.panel);
        await comparison.cellsOf('map').first().waitFor();
        await comparison.waitUntilCompared();
        await page.waitForTimeout(700);
        await save('screenshots/compare-dark.png');
        await workbench.chooseTheme('Light Modern');
        await page.waitForTimeout(700);
        await save('walkthrough/compare.png', sides);
      });
    },
    { folder: path.join(media, 'samples') },
  );
}

interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}
