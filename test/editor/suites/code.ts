/** Where code is written: the hover over a path, with a real pointer; the link; the notebook. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { ExplanationPanel } from '../explanation-panel';
import { startServer } from '../server';
import { inWindow, until } from '../suite';
import type { Surroundings } from '../surroundings';
import { Workbench } from '../workbench';
import { workerProcesses } from '../worker-processes';

const title = 'Explain Image with ViT';

const script = `"""Fine-tunes the classifier on our own photographs."""
from pathlib import Path

from PIL import Image
from torchvision.transforms import Resize

ROOT = Path("images") / "val"
SAMPLES = [
    ("cat", "images/val/tabby.jpg"),
    ("dog", "images/val/second.jpg"),
]

for label, path in SAMPLES:
    image = Resize(224)(Image.open(path))
    print(label, model(image).argmax())
hard = Image.open(ROOT / "joined.jpg")
`;

export async function codeSuite(surroundings: Surroundings): Promise<void> {
  const { repository, workspace } = surroundings;
  const at = (name: string): string => path.join(workspace.folder, name);
  const images = at('images/val');
  mkdirSync(images, { recursive: true });
  const samples = path.join(repository, 'media/samples');
  const cat = readdirSync(samples).find((name) => /cat.*\.jpg$/.test(name)) ?? workspace.photo;
  copyFileSync(path.join(samples, cat), path.join(images, 'tabby.jpg'));
  copyFileSync(at('third.jpg'), path.join(images, 'second.jpg'));
  copyFileSync(at('third.jpg'), path.join(images, 'joined.jpg'));
  writeFileSync(at('train.py'), script);
  writeFileSync(at('samples.csv'), 'path,label\nimages/val/tabby.jpg,cat\n');
  writeFileSync(at('look.ipynb'), notebook(path.join(images, 'second.jpg')));

  await nothingBeforeAClick(surroundings);
  await inWindow(surroundings, async ({ check, workbench, panel, shoot }) => {
    const { page } = workbench;
    /** Beside a notebook, which is a webview too. */
    const ours = new ExplanationPanel(
      page
        .frameLocator('iframe.webview.ready[src*="extensionId=vit-explainer"]')
        .frameLocator('iframe#active-frame'),
    );
    const pointer = new CodePointer(workbench);
    const { hover } = pointer;

    await check('code: the pointer on a path shows the picture', async () => {
      await open(workbench, 'train.py');
      await pointer.pointAt('tabby');
      const picture = hover.locator('img');
      await until('the picture is drawn', () =>
        picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 0),
      );
      const size = await picture.evaluate((image: HTMLImageElement) => [
        image.naturalWidth,
        image.naturalHeight,
      ]);
      assert.equal(Math.max(...size), 256);
      assert.match(await pointer.text(), /\d+ × \d+ pixels, \d+ kB/);
      const links = hover.getByRole('link', { name: title }).first();
      const [below, whole] = [await links.boundingBox(), await hover.boundingBox()];
      assert.ok(
        below && whole && below.y + below.height <= whole.y + whole.height,
        'links in sight',
      );
      await shoot('hover');
    });

    await check('code: Open in the hover opens the picture', async () => {
      await pointer.pointAt('tabby');
      await hover.getByText('Open', { exact: true }).click();
      await workbench.tab('tabby.jpg').waitFor();
    });

    await check('code: Explain in the hover explains it', async () => {
      await open(workbench, 'train.py');
      await pointer.pointAt('tabby');
      await hover.getByRole('link', { name: title }).first().click();
      await until('its panel is in front', () => workbench.isActive('tabby.jpg'));
      await panel.waitUntilExplained();
      await shoot('explained from the hover');
    });

    await check('code: following the link explains too, in a table as well', async () => {
      await workbench.runCommand('View: Close All Editors');
      await open(workbench, 'samples.csv');
      const link = page.locator('.monaco-editor .detected-link', { hasText: 'tabby' }).first();
      await link.waitFor();
      await until('it is followed', async () => {
        const box = await link.boundingBox();
        assert.ok(box);
        await page.mouse.move(5, 400);
        await page.keyboard.down('ControlOrMeta');
        await page.mouse.move(box.x + 20, box.y + 8);
        await page.mouse.move(box.x + 24, box.y + 8);
        await page.mouse.click(box.x + 24, box.y + 8);
        await page.keyboard.up('ControlOrMeta');
        await page.waitForTimeout(500);
        return workbench.isActive('tabby.jpg');
      });
      await until('its panel is in front', () => workbench.isActive('tabby.jpg'));
      await panel.waitUntilExplained();
    });

    await check('code: the light bulb offers it', async () => {
      await workbench.runCommand('View: Close All Editors');
      await open(workbench, 'train.py');
      await pointer.code('second.jpg').click();
      await page.keyboard.press('ControlOrMeta+.');
      await page.locator('.action-widget .focused', { hasText: title }).waitFor();
      await page.keyboard.press('Enter');
      await until('its panel is in front', () => workbench.isActive('second.jpg'));
      await panel.waitUntilExplained();
    });

    await check('code: a picture that a notebook’s cell put out is explained', async () => {
      await workbench.runCommand('View: Close All Editors');
      await workbench.file('look.ipynb').dblclick();
      await workbench.tab('look.ipynb').waitFor();
      await page.locator('.notebookOverlay .cell-list-container').first().waitFor();
      await page.locator('.notebookOverlay .view-line', { hasText: 'show' }).first().click();
      await workbench.runCommand('Explain Image of the Cell with ViT');
      await until('its panel is in front', () => workbench.isActive('look cell 1.jpg'));
      await ours.waitUntilExplained();
      await shoot('explained from a notebook');
    });

    await check('code: and so by a right click on it', async () => {
      await workbench.runCommand('View: Close All Editors');
      await workbench.file('look.ipynb').dblclick();
      const output = page
        .frameLocator('iframe.webview.ready:not([src*="extensionId=vit-explainer"])')
        .frameLocator('iframe#active-frame')
        .locator('.output img');
      await output.click({ button: 'right' });
      await page.getByRole('menuitem', { name: 'Explain Image of the Cell with ViT' }).hover();
      await page.waitForTimeout(300); // a menu ignores clicks right after it opened
      await page.getByRole('menuitem', { name: 'Explain Image of the Cell with ViT' }).click();
      await until('its panel is in front', () => workbench.isActive('look cell 1.jpg'));
      await ours.waitUntilExplained();
    });

    await check('code: the console holds no error of ours', async () => {
      assert.deepEqual(workbench.errorsOfOurs(), []);
      return Promise.resolve();
    });
  });
  for (const name of ['images', 'train.py', 'samples.csv', 'look.ipynb'])
    rmSync(at(name), { recursive: true });
}

async function open(workbench: Workbench, name: string): Promise<void> {
  await workbench.file(name).dblclick();
  await workbench.tab(name).waitFor();
  await workbench.page.locator('.monaco-editor .view-line').first().waitFor();
}

/** On a server of its own, where nothing has been explained yet. */
async function nothingBeforeAClick(surroundings: Surroundings): Promise<void> {
  const { browser, editor, repository, settings, vsix, workspace } = surroundings;
  const server = await startServer(editor, { settings, ...(vsix !== undefined && { vsix }) });
  const openWorkbench: Surroundings['openWorkbench'] = (options) =>
    Workbench.open(browser, server, {
      folder: workspace.folder,
      ...(vsix === undefined && { extensionFolder: repository }),
      ...options,
    });
  try {
    await inWindow(
      { ...surroundings, server, openWorkbench },
      async ({ check, workbench, panel }) => {
        const pointer = new CodePointer(workbench);
        await check('code: a file with paths of pictures starts no process', async () => {
          await open(workbench, 'train.py');
          const links = workbench.page.locator('.monaco-editor .detected-link');
          for (const name of ['tabby', 'joined']) await links.filter({ hasText: name }).waitFor();
          assert.deepEqual(workerProcesses(server.dataFolder), []);
        });
        await check('code: a hover opens no model', async () => {
          await pointer.pointAt('joined.jpg');
          assert.match(await pointer.text(), /320 × \d+ pixels/);
          assert.equal(workerProcesses(server.dataFolder).length, 1);
          assert.deepEqual(preparedModels(server.dataFolder), []);
        });
        await check('code: a click on it does', async () => {
          await pointer.hover.getByRole('link', { name: title }).first().click();
          await until('its panel is in front', () => workbench.isActive('joined.jpg'));
          await panel.waitUntilExplained();
          assert.notDeepEqual(preparedModels(server.dataFolder), []);
        });
      },
    );
  } finally {
    await server.stop();
  }
}

/** What the worker keeps of the models it has opened. */
function preparedModels(dataFolder: string): string[] {
  return readdirSync(dataFolder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /[\\/]graphs[\\/].+\.onnx$/.test(file),
  );
}

/** The pointer over text in the editor in front, and the hover of ours that comes of it. */
class CodePointer {
  constructor(private readonly workbench: Workbench) {}

  /** Tokens of an editor hold blanks that do not break. */
  code(text: string): Locator {
    return this.workbench.page
      .locator('.monaco-editor .view-line span span', { hasText: text })
      .last();
  }

  get hover(): Locator {
    return this.workbench.page.locator('.monaco-hover:visible').filter({ hasText: title });
  }

  async text(): Promise<string> {
    return (await this.hover.innerText()).replaceAll('\u00A0', ' ');
  }

  async pointAt(text: string): Promise<void> {
    await until('the hover is there', async () => {
      await this.workbench.page.mouse.move(5, 400);
      await this.code(text).hover();
      return this.hover
        .waitFor({ timeout: 3000 })
        .then(() => true)
        .catch(() => false);
    });
  }
}

/** A notebook (nbformat 4.5) whose one cell put out a picture. */
function notebook(picture: string): string {
  return JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { language_info: { name: 'python' } },
    cells: [
      {
        id: 'shown',
        cell_type: 'code',
        execution_count: 1,
        metadata: {},
        source: ['show(image)'],
        outputs: [
          {
            output_type: 'display_data',
            metadata: {},
            data: { 'image/jpeg': readFileSync(picture).toString('base64'), 'text/plain': ['x'] },
          },
        ],
      },
    ],
  });
}
