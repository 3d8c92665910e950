/**
 * A whole dataset in the editor's gallery, beside the command line on the same pictures: accuracy,
 * pace, time to the first tile, and how long the gallery's page ever stands still meanwhile.
 *
 *     npm run bench:gallery -- FOLDER MODEL
 *
 * FOLDER has a folder a class, e.g. Imagenette's `val`. Nothing comes out of a cache.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GalleryPage } from '../editor/gallery-page';
import { longestFrame } from '../editor/longest-frame';
import { startServer, type Editor } from '../editor/server';
import { startBrowser, Workbench } from '../editor/workbench';
import { figure, type Figure } from './figure';

export { inWords } from './figure';

const longest = 30 * 60_000;

export async function bench(
  repository: string,
  _bundles: string,
  install: { ensureEditor(which: 'minimum'): Editor; ensureChromium(): string },
  [folder = '', model = '']: readonly string[],
): Promise<readonly Figure[]> {
  const dataset = path.resolve(folder);
  const modelFile = path.resolve(model);
  const settings = { 'vitExplainer.model': modelFile };
  const cache = mkdtempSync(path.join(tmpdir(), 'vit-gallery-bench-'));
  const server = await startServer(install.ensureEditor('minimum'), { settings });
  const browser = await startBrowser(install.ensureChromium());
  try {
    const workbench = await Workbench.open(browser, server, {
      folder: path.dirname(dataset),
      extensionFolder: repository,
    });
    const gallery = new GalleryPage(workbench.page);
    await workbench.chooseFromContextMenu(
      workbench.file(path.basename(dataset)),
      'Explain Folder with ViT',
    );
    const start = performance.now();
    await gallery.get('tile').locator('.tile-map').first().waitFor({ timeout: 60_000 });
    const firstTile = performance.now() - start;
    const stalled = gallery.get('tiles').evaluate(longestFrame);
    await gallery.waitFor('done', longest);
    const seconds = (performance.now() - start) / 1000;
    const samples = await gallery.shown();
    await gallery.get('tiles').evaluate((tiles) => tiles.setAttribute('data-measured', ''));
    const longestStandstill = await stalled;
    await gallery.get('tab-summary').click();
    const accuracy = Number.parseFloat(await gallery.get('accuracy').innerText());
    const written = execFileSync(
      process.execPath,
      [path.join(repository, 'dist/cli.js'), 'batch', dataset, '--model', modelFile],
      { encoding: 'utf8', env: { ...process.env, XDG_CACHE_HOME: cache } },
    );
    return [
      figure('samples', samples, ''),
      figure('click to first tile with its map', firstTile, 'ms'),
      figure('samples a second, click to end', samples / seconds, '/s'),
      figure('longest standstill of the gallery’s page', longestStandstill, 'ms'),
      figure('accuracy in the gallery', accuracy, '%'),
      figure(
        'accuracy on the command line',
        Number(/accuracy\s+([\d.]+) %/.exec(written)?.[1]),
        '%',
      ),
    ];
  } finally {
    await browser.close();
    await server.stop();
    rmSync(cache, { recursive: true });
  }
}
