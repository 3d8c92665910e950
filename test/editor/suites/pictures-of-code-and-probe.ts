/** The pictures of a hover and of a probe's report in README and walkthrough, taken from the real thing into `media`. */
import { copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { writePhotoClasses } from '../../fixtures/photo-classes';
import { inWindow, until } from '../suite';
import type { Surroundings } from '../surroundings';

const script = `"""Fine-tunes the classifier on our own photographs."""
from pathlib import Path

from PIL import Image

ROOT = Path("images") / "val"
SAMPLES = [
    ("dog", ROOT / "dog.jpg"),
    ("cat", ROOT / "cat.jpg"),
]

for label, path in SAMPLES:
    print(label, model(Image.open(path)).argmax())
`;

const englishNames = { buildings: 'building', 'dog (собака)': 'dog', 猫: 'cat' };

export async function picturesOfCodeAndProbeSuite(surroundings: Surroundings): Promise<void> {
  const { repository } = surroundings;
  const media = path.join(repository, 'media');
  const folder = mkdtempSync(path.join(tmpdir(), 'vit-explainer-'));
  mkdirSync(path.join(folder, 'images/val'), { recursive: true });
  for (const name of ['dog.jpg', 'cat.jpg'])
    copyFileSync(path.join(media, 'samples', name), path.join(folder, 'images/val', name));
  writeFileSync(path.join(folder, 'train.py'), script);
  for (const [part, count] of [
    ['train', 8],
    ['val', 3],
  ] as const) {
    const photos = path.join(folder, 'photos', part);
    await writePhotoClasses(repository, photos, count);
    for (const [name, english] of Object.entries(englishNames))
      renameSync(path.join(photos, name), path.join(photos, english));
  }
  // A cat among the buildings: the mistake that the report shows.
  const validation = path.join(folder, 'photos/val');
  copyFileSync(
    path.join(validation, 'cat/1.jpg'),
    path.join(validation, 'building/mislabelled.jpg'),
  );
  try {
    await inWindow(
      surroundings,
      async ({ check, workbench }) => {
        const { page } = workbench;
        const save = async (name: string, area?: Area): Promise<void> => {
          await page.waitForTimeout(700);
          const picture = sharp(await page.screenshot());
          if (area !== undefined) picture.extract(area);
          await picture.png({ palette: true, quality: 90 }).toFile(path.join(media, `${name}.png`));
        };

        await check('pictures: the hover over a path', async () => {
          await workbench.file('train.py').dblclick();
          const code = page.locator('.monaco-editor .view-line span span', { hasText: 'cat.jpg' });
          const hover = page.locator('.monaco-hover:visible', { hasText: 'pixels' });
          const showHover = () =>
            until('the hover is there', async () => {
              await page.mouse.move(5, 400);
              await code.last().hover();
              return hover.waitFor({ timeout: 3000 }).then(
                () => true,
                () => false,
              );
            });
          await showHover();
          const area = { left: 348, top: 35, width: 700, height: 480 };
          await save('screenshots/hover', area);
          await workbench.chooseTheme('Light Modern');
          await showHover();
          await save('walkthrough/code', area);
          await workbench.chooseTheme('Dark Modern');
        });

        await check('pictures: the report of a probe', async () => {
          await workbench.runCommand('View: Close All Editors');
          await workbench.chooseFromContextMenu(
            workbench.file('photos'),
            'Train a Linear Probe on This Folder',
          );
          const rows = page.locator('.quick-input-list .monaco-list-row');
          await rows.filter({ hasText: 'Starter ViT' }).first().click();
          const name = page.locator('.quick-input-widget input[type="text"]').first();
          await until('the name is asked for', async () => (await name.inputValue()) === 'photos');
          await name.press('Enter');
          await workbench.panel.getByText('Linear probe “photos” on Starter ViT').waitFor();
          await save('screenshots/probe-report');
          await workbench.chooseTheme('Light Modern');
          await save('walkthrough/probe', { left: 348, top: 70, width: 1012, height: 768 });
        });
      },
      { folder },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}
