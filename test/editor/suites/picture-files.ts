/** What becomes of a picture's file: the picture that a panel shows is the one that it explains. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ComparisonPage } from '../comparison-page';
import { inWindow, until, type Scene } from '../suite';
import type { Surroundings } from '../surroundings';

const title = 'Explain Image with ViT';
const notes = 'notes.txt';

export async function pictureFilesSuite(surroundings: Surroundings): Promise<void> {
  const places = filePlaces(path.join(surroundings.repository, 'media/samples'));
  try {
    const { folder } = places;
    await inWindow(surroundings, (scene) => changedFiles(scene, places), { folder });
    await inWindow(surroundings, (scene) => movedAndGoneFiles(scene, places), { folder });
    await inWindow(surroundings, (scene) => versionsOfGit(scene, places), { folder });
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
  put('dog.jpg', 'versions.jpg');
  const git = (...what: string[]): void => {
    const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org'];
    execFileSync('git', [...identity, ...what], { cwd: folder });
  };
  git('init', '--quiet');
  git('add', 'versions.jpg');
  git('commit', '--quiet', '--message', 'A dog');
  put('cat.jpg', 'versions.jpg');
  writeFileSync(path.join(folder, notes), 'Nothing to explain here.\n');
  writeFileSync(
    path.join(folder, '.vscode/settings.json'),
    JSON.stringify({
      'files.watcherExclude': { '**/hidden/**': true },
      'git.enabled': true,
      'git.openRepositoryInParentFolders': 'never',
    }),
  );
  return { folder, put, remove: () => rmSync(base, { recursive: true, force: true }) };
}

/** Until the panel in front draws and explains one of the sample photographs. */
function explainedAs({ panel }: Pick<Scene, 'panel'>): (name: 'cat' | 'dog') => Promise<void> {
  /** The model's best class, once the panel is done. */
  const best = async (): Promise<string> => {
    await panel.waitUntilExplained();
    return (await panel.classes.first().innerText()).split('\n')[0] ?? '';
  };
  return async (name) => {
    await until(`it is explained as ${name}`, async () => (await best()).includes(name), 20_000);
    const width = name === 'cat' ? 640 : 720;
    const drawn = await panel.frame
      .locator('[data-testid="picture"] img')
      .evaluate((image) => (image as HTMLImageElement).naturalWidth);
    assert.equal(drawn, width, 'the picture that is drawn is the one that is explained');
  };
}

async function changedFiles(scene: Scene, { put }: FilePlaces): Promise<void> {
  const { check, workbench, panel, shoot } = scene;
  const isExplainedAs = explainedAs(scene);

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
      await workbench.file(notes).click();
      await workbench.tab(notes).waitFor();
      put('cat.jpg', file);
      await workbench.tab(`${name} – ViT`).click();
      await isExplainedAs('cat');
      await shoot(`changed ${name}`);
    });

    await check(`files: ${file} that changed in sight is explained anew when asked`, async () => {
      put('dog.jpg', file);
      const method = panel.get('method');
      const other = (await method.inputValue()) === 'gradcam' ? 'attention_rollout' : 'gradcam';
      await method.selectOption(other);
      await isExplainedAs('dog');
    });
  }
}

async function movedAndGoneFiles(scene: Scene, places: FilePlaces): Promise<void> {
  const { check, workbench, panel, shoot } = scene;
  const isExplainedAs = explainedAs(scene);

  await check('files: a renamed picture stays in its panel, with what was asked', async () => {
    places.put('dog.jpg', 'plain/seen.jpg');
    await workbench.file('plain').click();
    await workbench.chooseFromContextMenu(workbench.file('seen.jpg'), title);
    await isExplainedAs('dog');
    await panel.get('method').selectOption('attention_rollout');
    await isExplainedAs('dog');
    await workbench.rename('seen.jpg', 'renamed.jpg');
    await workbench.tab('renamed.jpg – ViT').waitFor();
    await isExplainedAs('dog');
    assert.equal(await panel.get('method').inputValue(), 'attention_rollout');
    assert.equal(await panel.get('place').innerText(), 'plain');
  });

  await check('files: the picture of a renamed folder stays in its panel', async () => {
    await workbench.rename('plain', 'moved');
    await until('its place is', async () => (await panel.get('place').innerText()) === 'moved');
    await isExplainedAs('dog');
    await shoot('moved picture');
  });

  await check(
    'files: a picture that is gone is a sentence, and one that is back a picture',
    async () => {
      rmSync(path.join(places.folder, 'moved/renamed.jpg'));
      const { text } = await panel.waitForFailure();
      assert.match(text, /renamed\.jpg is not there any more/);
      assert.equal(await panel.get('picture').count(), 0);
      await shoot('picture that is gone');
      places.put('cat.jpg', 'moved/renamed.jpg');
      await until('it is read', async () => (await panel.get('failure').count()) === 0);
      await isExplainedAs('cat');
    },
  );
}

async function versionsOfGit(scene: Scene, { put }: FilePlaces): Promise<void> {
  const { check, workbench, panel, shoot } = scene;
  const { page } = workbench;
  const isExplainedAs = explainedAs(scene);
  const showView = (name: string): Promise<void> =>
    page
      .locator('.activitybar')
      .getByRole('tab', { name: new RegExp(`^${name}`) })
      .click();
  const button = page.locator('.editor-actions').getByRole('button', { name: title });
  // Right after the start the editor may not know yet that it has a preview of pictures.
  const preview = (): Promise<void> =>
    until('the picture is previewed', async () => {
      await workbench.runCommand('View: Close All Editors');
      await workbench.file('versions.jpg').dblclick();
      return button.waitFor({ timeout: 3000 }).then(
        () => true,
        () => false,
      );
    });

  await check('files: a version that git keeps is drawn and explained', async () => {
    put('cat.jpg', 'versions.jpg');
    await workbench.waitForContextMenu(workbench.file('versions.jpg'), title);
    await preview();
    await showView('Source Control');
    const changed = page.locator('.scm-view .monaco-list-row', { hasText: 'versions.jpg' }).first();
    await workbench.chooseFromContextMenu(changed, 'Open File (HEAD)');
    await until('it is open', async () => (await workbench.tab('versions.jpg').count()) === 2);
    await button.click();
    await workbench.tab('versions.jpg (Index) – ViT').waitFor();
    await isExplainedAs('dog');
    assert.equal(await panel.get('place').innerText(), 'Index');
    await shoot('version of git');
  });

  await check('files: both versions of an image diff are explained beside each other', async () => {
    if (!(await workbench.file('versions.jpg').isVisible())) await showView('Explorer');
    await preview();
    await page.locator('.editor-actions').getByRole('button', { name: 'Open Changes' }).click();
    await workbench.tab('(Working Tree)').waitFor();
    await button.click();
    await workbench.tab('– Compare').waitFor();
    const comparison = new ComparisonPage(workbench.panel);
    await comparison.waitUntilCompared();
    await shoot('both versions');
    const names = await comparison.frame.locator('body').innerText();
    assert.match(names, /versions\.jpg \(Index\)/);
    const widths = await comparison.frame
      .locator('img')
      .evaluateAll((images) => images.map((image) => (image as HTMLImageElement).naturalWidth));
    assert.deepEqual([...new Set(widths)].sort(), [640, 720]);
  });
}
