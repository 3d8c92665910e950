/** What becomes of a picture's file: the picture that a panel shows is the one that it explains. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inWindow, until, type Scene } from '../suite';
import type { Surroundings } from '../surroundings';

const title = 'Explain Image with ViT';
const other = 'notes.txt';

export async function pictureFilesSuite(surroundings: Surroundings): Promise<void> {
  const places = filePlaces(path.join(surroundings.repository, 'media/samples'));
  try {
    await inWindow(surroundings, (scene) => changedFiles(scene, places), { folder: places.folder });
  } finally {
    places.remove();
  }
}

/** A folder, pictures that the editor's watcher sees and does not see, and how to write them anew. */
interface FilePlaces {
  readonly folder: string;
  /** Puts a sample photograph under a path of the folder, whichever way that leads. */
  readonly put: (sample: 'cat.jpg' | 'dog.jpg', to: string) => void;
  remove(): void;
}

function filePlaces(samples: string): FilePlaces {
  const base = mkdtempSync(path.join(tmpdir(), 'vit-explainer-files-'));
  const folder = path.join(base, 'workspace');
  const elsewhere = path.join(base, 'elsewhere');
  for (const name of [
    'workspace/.vscode',
    'workspace/plain',
    'workspace/hidden',
    'elsewhere/below',
  ])
    mkdirSync(path.join(base, name), { recursive: true });
  const put: FilePlaces['put'] = (sample, to) =>
    copyFileSync(path.join(samples, sample), path.join(folder, to));
  copyFileSync(path.join(samples, 'dog.jpg'), path.join(elsewhere, 'target.jpg'));
  symlinkSync(path.join(elsewhere, 'target.jpg'), path.join(folder, 'link.jpg'));
  symlinkSync(path.join(elsewhere, 'below'), path.join(folder, 'linked'));
  for (const to of ['linked/inside.jpg', 'hidden/unwatched.jpg', 'plain/seen.jpg'])
    put('dog.jpg', to);
  writeFileSync(path.join(folder, other), 'Nothing to explain here.\n');
  writeFileSync(
    path.join(folder, '.vscode/settings.json'),
    JSON.stringify({ 'files.watcherExclude': { '**/hidden/**': true } }),
  );
  return { folder, put, remove: () => rmSync(base, { recursive: true, force: true }) };
}

async function changedFiles(scene: Scene, { put }: FilePlaces): Promise<void> {
  const { check, workbench, panel, shoot } = scene;
  /** The model's best class, once the panel is done. */
  const best = async (): Promise<string> => {
    await panel.waitUntilExplained();
    return (await panel.classes.first().innerText()).split('\n')[0] ?? '';
  };
  const isExplainedAs = async (name: string): Promise<void> => {
    await until(`it is explained as ${name}`, async () => (await best()).includes(name), 20_000);
    const width = name === 'cat' ? 640 : 720;
    const drawn = await panel.frame
      .locator('[data-testid="picture"] img')
      .evaluate((image) => (image as HTMLImageElement).naturalWidth);
    assert.equal(drawn, width, 'the picture that is drawn is the one that is explained');
  };

  for (const [folder, name] of [
    [undefined, 'link.jpg'],
    ['linked', 'inside.jpg'],
    ['hidden', 'unwatched.jpg'],
    ['plain', 'seen.jpg'],
  ] as const) {
    const file = folder === undefined ? name : `${folder}/${name}`;
    await check(`files: ${file} that changed behind another editor is explained anew`, async () => {
      if (folder !== undefined) await workbench.file(folder).click();
      await workbench.chooseFromContextMenu(workbench.file(name), title);
      await until('it is in front', () => workbench.isActive(name));
      await isExplainedAs('dog');
      await workbench.file(other).click();
      await workbench.tab(other).waitFor();
      put('cat.jpg', file);
      await workbench.tab(`${name} – ViT`).click();
      await isExplainedAs('cat');
      await shoot(`changed ${name}`);
    });

    await check(`files: ${file} that changed in sight is explained anew when asked`, async () => {
      put('dog.jpg', file);
      await panel.get('drawing-patches').click();
      await panel.get('method').selectOption('attention_rollout');
      await isExplainedAs('dog');
    });
  }
}
