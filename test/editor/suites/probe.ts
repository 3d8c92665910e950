/** Linear probes in the editor: trained on a folder of photographs, reported, explained, cancelled. */
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
import type { Locator } from 'playwright-core';
import { photoClassNames, writePhotoClasses } from '../../fixtures/photo-classes';
import { checkInEveryTheme } from '../accessibility';
import { inWindow, until, type Scene } from '../suite';
import type { Surroundings } from '../surroundings';

const command = 'Train a Linear Probe on This Folder';

export async function probeSuite(surroundings: Surroundings): Promise<void> {
  const { repository } = surroundings;
  const folder = mkdtempSync(path.join(tmpdir(), 'vit-explainer-probe-'));
  await writePhotoClasses(repository, path.join(folder, 'photos', 'train'), 8);
  await writePhotoClasses(repository, path.join(folder, 'photos', 'val'), 3);
  writeFileSync(path.join(folder, 'photos', 'val', '猫', 'broken.jpg'), 'no picture');
  // A cat among the buildings: the mistake that the report has to show.
  copyFileSync(
    path.join(folder, 'photos', 'val', '猫', '1.jpg'),
    path.join(folder, 'photos', 'val', 'buildings', 'stowaway.jpg'),
  );
  await writePhotoClasses(repository, path.join(folder, 'single'), 2, ['buildings']);
  await writePhotoClasses(repository, path.join(folder, 'many'), 150);
  mkdirSync(path.join(folder, 'nothing'));
  try {
    await inWindow(surroundings, (scene) => checks(scene, folder), { folder });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function checks(scene: Scene, folder: string): Promise<void> {
  const { check, workbench, panel, shoot } = scene;
  const { page } = workbench;
  const row = (text: string): Locator =>
    page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
  /** From the explorer to the name of the probe, which is taken as it is proposed. */
  const train = async (dataset: string): Promise<void> => {
    await workbench.chooseFromContextMenu(workbench.file(dataset), command);
    await row('Starter ViT').click();
    const name = page.locator('.quick-input-widget input[type="text"]').first();
    await until('the name is asked for', async () => (await name.inputValue()) === dataset);
    await name.press('Enter');
  };
  const report = workbench.panel;

  await check('probe: a folder of class folders becomes a classifier with a report', async () => {
    await train('photos');
    await workbench.tab('photos – Linear Probe').waitFor({ timeout: 90_000 });
    await report.getByText('Linear probe “photos” on Starter ViT').waitFor();
    const figures = await report.locator('.figures').innerText();
    assert.match(figures, /Top-1 accuracy\s+90\.0\s%/);
    const mistake = report.locator('ol.tiles li', { hasText: 'stowaway.jpg' });
    assert.match(await mistake.innerText(), /^猫 [\d.]+\s%\nis buildings/);
    assert.equal(await mistake.locator('svg.evidence image').count(), 2);
    const rows = await report.locator('.confusion tbody th').allInnerTexts();
    assert.deepEqual(rows, photoClassNames);
    await report.getByText(/“.*broken\.jpg” could not be read/).waitFor({ state: 'attached' });
    const manifest = JSON.parse(readFileSync(path.join(folder, 'photos.probe.json'), 'utf8')) as {
      classes: string[];
    };
    assert.deepEqual(manifest.classes, photoClassNames);
    await shoot('probe report');
  });

  await checkInEveryTheme(scene, 'probe: the report', report);

  await check('probe: a cell of the confusion matrix leads to its pictures', async () => {
    const cell = report.locator('.confusion td.right a').first();
    await cell.click();
    const target = (await cell.getAttribute('href'))?.slice(1) ?? '';
    const picture = report.locator(`[id="${target}"] .thumbnails img`).first();
    await until('the cell’s pictures are in sight', () => inSight(picture));
    const width = await picture.evaluate((image) => (image as HTMLImageElement).naturalWidth);
    assert.equal(width, 96);
  });

  await check('probe: a picture of the report is explained with the probe', async () => {
    await report.locator('.thumbnails a').first().click();
    await page.locator('.tabs-container .tab', { hasText: '.jpg – ViT' }).waitFor();
    await panel.waitUntilExplained();
    const names = await panel.classes.allInnerTexts();
    for (const name of photoClassNames) {
      assert.ok(
        names.some((text) => text.includes(name)),
        `${name} is not in ${names.join(', ')}`,
      );
    }
    await shoot('probe explained');
  });

  await check(
    'probe: it is among the models to choose, and its report can be shown again',
    async () => {
      await workbench.runCommand('ViT Explainer: Choose Model');
      await row('ViT-B/16').waitFor();
      await page.locator('.quick-input-widget input[type="text"]').first().fill('photos');
      await row('photos (linear probe)').waitFor();
      await page.keyboard.press('Escape');
      await workbench.runCommand('View: Close All Editors');
      await workbench.chooseFromContextMenu(
        workbench.file('photos.probe.safetensors'),
        'Show the Report of This Probe',
      );
      await report.getByText('Linear probe “photos” on Starter ViT').waitFor();
    },
  );

  await check('probe: its report comes back after a reload', async () => {
    await workbench.reload();
    await report.getByText('Linear probe “photos” on Starter ViT').waitFor();
    await report.locator('.thumbnails a').first().click();
    await page.locator('.tabs-container .tab', { hasText: '.jpg – ViT' }).waitFor();
    await workbench.runCommand('View: Close All Editors');
  });

  await check('probe: what is wrong with a folder is said before any work', async () => {
    await train('single');
    await message(scene, /All pictures carry the same label, “buildings”/);
    await workbench.chooseFromContextMenu(workbench.file('nothing'), command);
    await message(scene, /There is no picture in .*nothing/);
    assert.ok(!existsSync(path.join(folder, 'single.probe.safetensors')));
  });

  await check('probe: a training that is cancelled goes on where it stopped', async () => {
    await train('many');
    const toast = page.locator('.notifications-toasts');
    await toast.getByText(/Computing features: \d+ of 450/).waitFor({ timeout: 60_000 });
    await toast.getByRole('button', { name: 'Cancel' }).click();
    await message(scene, /The training was cancelled after \d+ of 450 pictures/);
    assert.ok(!existsSync(path.join(folder, 'many.probe.safetensors')));
    await train('many');
    await workbench.tab('many – Linear Probe').waitFor({ timeout: 120_000 });
    assert.ok(existsSync(path.join(folder, 'many.probe.safetensors')));
  });
}

/** Until a notification says so; it is closed again. */
async function message({ workbench }: Scene, sentence: RegExp): Promise<void> {
  await workbench.notifications.filter({ hasText: sentence }).first().waitFor({ timeout: 60_000 });
  await workbench.runCommand('Notifications: Clear All Notifications');
}

async function inSight(element: Locator): Promise<boolean> {
  return element.evaluate((node) => {
    const { top, bottom } = node.getBoundingClientRect();
    return bottom > 0 && top < window.innerHeight;
  });
}
