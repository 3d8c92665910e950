/**
 * What the extension adds to the memory of the editor's extension host: 200 pictures of one folder,
 * each explained in the preview panel; the package for this machine, since that is what people get.
 */
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ownTarget, packageFile } from '../../scripts/package/targets.mjs';
import { ExplanationPanel } from '../editor/explanation-panel';
import { extensionHosts, residentMegabytes } from '../editor/extension-hosts';
import { startServer, type Editor } from '../editor/server';
import { startBrowser, Workbench } from '../editor/workbench';
import { figure, type Figure } from './figure';

export { inWords } from './figure';

const count = 200;
const mostMegabytes = 60;
/** After which the host has settled: it has started, or has cleared up. */
const quiet = 15_000;

export async function bench(
  repository: string,
  _bundles: string,
  install: { ensureEditor(which: 'minimum'): Editor; ensureChromium(): string },
): Promise<readonly Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'vit-explainer-memory-'));
  const vsix = packageFile(repository, ownTarget);
  if (!existsSync(vsix)) throw new Error('There is no package; run npm run package first.');
  const server = await startServer(install.ensureEditor('minimum'), { vsix });
  const browser = await startBrowser(install.ensureChromium());
  try {
    placePictures(repository, folder);
    const workbench = await Workbench.open(browser, server, { folder });
    const memory = async (): Promise<number> => {
      await new Promise((resolve) => setTimeout(resolve, quiet));
      return Math.max(...extensionHosts(server.dataFolder).map(residentMegabytes));
    };
    await workbench.file(nameOf(0)).waitFor();
    const before = await memory();
    const panel = new ExplanationPanel(workbench.panel);
    await workbench.chooseFromContextMenu(workbench.file(nameOf(0)), 'Explain Image with ViT');
    await panel.waitUntilExplained();
    const afterOne = await memory();
    for (let index = 1; index < count; index += 1) {
      await panel.get('walk-next').click();
      await panel.frame.locator('h1', { hasText: nameOf(index) }).waitFor();
      await panel.waitUntilExplained();
    }
    const after = await memory();
    return [
      figure('extension host before the first picture', before, 'MB'),
      figure('added after the first picture', afterOne - before, 'MB'),
      figure(`added after ${count} pictures`, after - before, 'MB', mostMegabytes),
    ];
  } finally {
    await browser.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function nameOf(index: number): string {
  return `${String(index).padStart(3, '0')}.jpg`;
}

function placePictures(repository: string, folder: string): void {
  const samples = path.join(repository, 'media/samples');
  const photos = readdirSync(samples).filter((name) => name.endsWith('.jpg'));
  for (let index = 0; index < count; index += 1) {
    const photo = photos[index % photos.length] ?? '';
    copyFileSync(path.join(samples, photo), path.join(folder, nameOf(index)));
  }
}
