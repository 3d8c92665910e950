/** When pictures and maps are in sight: in the panel, and in VS Code's own preview, by turns in one run. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { ExplanationPanel } from '../editor/explanation-panel';
import type { Workbench } from '../editor/workbench';
import { median } from './spent';

const explainTitle = 'Explain Image with ViT';
const turns = 5;

/** Of one picture, in milliseconds from the click or key; NaN where there is none. */
interface Seen {
  readonly picture: number;
  readonly map: number;
}

export interface InSight {
  /** VS Code's own preview of pictures. */
  readonly preview: number;
  /** A panel of its own. */
  readonly opened: Seen;
  /** The next picture in the preview panel. */
  readonly next: Seen;
}

/** A folder of photographs for it, explained by a ViT-Ti/16 where the reference material has one. */
export function photographs(repository: string): {
  readonly folder: string;
  readonly model: string;
  remove(): void;
} {
  const folder = mkdtempSync(path.join(tmpdir(), 'vit-explainer-bench-'));
  const samples = path.join(repository, 'media/samples');
  for (const name of readdirSync(samples).filter((one) => one.endsWith('.jpg')))
    copyFileSync(path.join(samples, name), path.join(folder, name));
  const reference = path.resolve(repository, '../shared/models/vit_tiny_patch16_224/model.onnx');
  const isThere = existsSync(reference);
  if (isThere) {
    const settings = JSON.stringify({ 'vitExplainer.model': reference });
    mkdirSync(path.join(folder, '.vscode'));
    writeFileSync(path.join(folder, '.vscode', 'settings.json'), settings);
  }
  const model = isThere ? 'ViT-Ti/16' : 'the starter';
  return { folder, model, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Medians. The worker has its model open, and every editor was there once, before it counts. */
export async function picturesInSight(workbench: Workbench, folder: string): Promise<InSight> {
  const { page } = workbench;
  const panel = new ExplanationPanel(workbench.panel);
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.jpg'))
    .sort();
  const nameAt = (turn: number): string => names[turn % names.length] ?? '';
  const preview: number[] = [];
  const opened: Seen[] = [];
  const next: Seen[] = [];
  await previewReady(workbench, nameAt(0));
  for (let turn = 0; turn <= turns; turn += 1) {
    await workbench.runCommand('View: Close All Editors');
    const before = await moment(page, () => workbench.file(nameAt(turn)).click());
    const { picture: previewed } = await seenIn(page, 'img', before);
    await workbench.runCommand('View: Close All Editors');
    const chosen = await moment(page, () =>
      workbench.chooseFromContextMenu(workbench.file(nameAt(turn + 1)), explainTitle),
    );
    const shown = await panelSeen(page, chosen);
    await panel.waitUntilExplained();
    await panel.get('walk-next').focus();
    const address = await panel.frame.locator('img').first().getAttribute('src');
    const pressed = Date.now();
    await page.keyboard.press('ArrowRight');
    const walked = await panelSeen(page, pressed, address ?? '');
    await panel.waitUntilExplained();
    if (turn === 0) continue;
    preview.push(previewed);
    opened.push(shown);
    next.push(walked);
  }
  const of = (all: readonly Seen[]): Seen => ({
    picture: median(all.map(({ picture }) => picture)),
    map: median(all.map(({ map }) => map)),
  });
  return { preview: median(preview), opened: of(opened), next: of(next) };
}

/** Right after the start the editor may not know yet that it has a preview of pictures. */
async function previewReady(workbench: Workbench, name: string): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    await workbench.file(name).click();
    const seen = await seenIn(workbench.page, 'img', 0, '', 3000).catch(() => undefined);
    if (seen !== undefined) return;
    await workbench.runCommand('View: Close All Editors');
  }
}

/** The moment of the last press of the mouse that an action makes. */
async function moment(page: Page, act: () => Promise<void>): Promise<number> {
  await page.evaluate(() => {
    const noted = (): void => void Object.assign(window, { pressedAt: Date.now() });
    window.addEventListener('mousedown', noted, { capture: true });
  });
  await act();
  return page.evaluate(() => (window as unknown as { pressedAt: number }).pressedAt);
}

function panelSeen(page: Page, since: number, not = ''): Promise<Seen> {
  return seenIn(page, 'canvas[data-testid="heatmap"]', since, not);
}

/**
 * Milliseconds until an editor's page has painted its picture, and what else is wanted.
 * @param not a picture that was there before
 */
async function seenIn(
  page: Page,
  selector: string,
  since: number,
  not = '',
  patience = 60_000,
): Promise<Seen> {
  const deadline = Date.now() + patience;
  let picture: number | undefined;
  while (Date.now() < deadline) {
    for (const frame of page.frames().filter(isEditor)) {
      const seen = await paintedIn(frame, selector, not).catch(() => undefined);
      if (seen === undefined) continue;
      picture ??= seen.at - since;
      if (seen.isAll) return { picture, map: seen.at - since };
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`Waited in vain for ${selector}.`);
}

function isEditor(frame: Frame): boolean {
  return frame.parentFrame() !== null && frame.parentFrame()?.parentFrame() !== null;
}

interface Painted {
  readonly at: number;
  /** Whether what is wanted beside the picture is there too. */
  readonly isAll: boolean;
}

/** Undefined while the picture is not there. */
function paintedIn(frame: Frame, selector: string, not: string): Promise<Painted | undefined> {
  return frame.evaluate(
    async ([wanted, before]) => {
      const image = document.querySelector('img');
      const isOther = image !== null && image.getAttribute('src') !== before;
      if (!isOther || !image.complete || image.naturalWidth === 0) return undefined;
      const isAll = document.querySelector(wanted) !== null;
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      return { at: Date.now(), isAll };
    },
    [selector, not] as const,
  );
}
