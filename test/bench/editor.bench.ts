/**
 * How long a person waits in the editor: activation, click to classes, click to the first map,
 * switches between what was computed before; and the size of the package.
 */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { ownTarget, packageFile, targets } from '../../scripts/package/targets.mjs';
import { ExplanationPanel } from '../editor/explanation-panel';
import { runHostTests } from '../editor/host-tests';
import { Recorder, type Outcome } from '../editor/recorder';
import { sampleWorkspace } from '../editor/sample-workspace';
import { startServer, type Editor } from '../editor/server';
import { startBrowser, Workbench } from '../editor/workbench';
import { figure, type Figure } from './figure';
import { photographs, picturesInSight, type InSight } from './pictures-in-sight';

export { inWords } from './figure';

const title = 'Explain Image with ViT';
const repetitions = 10;

export async function bench(
  repository: string,
  bundles: string,
  install: { ensureEditor(which: 'minimum'): Editor; ensureChromium(): string },
): Promise<readonly Figure[]> {
  const editor = install.ensureEditor('minimum');
  const workspace = await sampleWorkspace(repository);
  const photos = photographs(repository);
  const server = await startServer(editor);
  const browser = await startBrowser(install.ensureChromium());
  const openWorkbench = (folder = workspace.folder): Promise<Workbench> =>
    Workbench.open(browser, server, { folder, extensionFolder: repository });
  try {
    const recorder = new Recorder(undefined);
    await runHostTests({
      ...{ repository, bundles, recorder, workspace, editor, server, browser },
      openWorkbench: () => openWorkbench(),
      ...{ results: path.join(repository, 'test-results'), settings: {} },
      ...{ vsix: undefined, modelPath: undefined },
    });
    const workbench = await openWorkbench();
    const panel = new ExplanationPanel(workbench.panel);
    const first = await clickToMap(workbench, panel, workspace.photo);
    const second = await clickToMap(workbench, panel, 'third.jpg');
    await panel.waitUntilExplained();
    const switches = { class: await classSwitch(panel), method: await methodSwitch(panel) };
    await workbench.close();
    const inSight = await openWorkbench(photos.folder).then((window) =>
      picturesInSight(window, photos.folder),
    );
    return [
      figure('activation', activationOf('it activates', recorder.outcomes), 'ms', 15),
      figure(
        'activation of VS Code’s own image preview',
        activationOf('media-preview activates', recorder.outcomes),
        'ms',
      ),
      figure('click to classes, first picture', first.classes, 'ms'),
      figure('click to first map, first picture', first.map, 'ms'),
      figure('click to classes, next picture', second.classes, 'ms'),
      figure('click to first map, next picture', second.map, 'ms'),
      figure('cached switch of class', switches.class, 'ms', 50),
      figure('cached switch of method', switches.method, 'ms', 50),
      ...figuresInSight(inSight, photos.model),
      figure('package', packageMegabytes(repository), 'MB', targets[ownTarget]?.mostMegabytes),
    ];
  } finally {
    await browser.close();
    await server.stop();
    workspace.remove();
    photos.remove();
  }
}

/** Each in milliseconds, and as a ratio to what VS Code's own preview took in the same run. */
function figuresInSight({ preview, opened, next }: InSight, model: string): readonly Figure[] {
  const rows = [
    ['picture in a new panel', opened.picture, 1.1],
    [`map in a new panel, ${model}`, opened.map, undefined],
    ['next picture in the preview panel', next.picture, undefined],
    [`its map, ${model}`, next.map, undefined],
  ] as const;
  return [
    figure('picture in VS Code’s own preview', preview, 'ms'),
    ...rows.flatMap(([name, milliseconds, aim]) => [
      figure(name, milliseconds, 'ms'),
      figure(`${name}, to VS Code’s own`, milliseconds / preview, '×', aim),
    ]),
  ];
}

function activationOf(words: string, outcomes: readonly Outcome[]): number | undefined {
  const outcome = outcomes.find(({ name }) => name.includes(words));
  return outcome === undefined ? undefined : outcome.seconds * 1000;
}

/** From the click on the menu item, the whole way through worker and panel. */
async function clickToMap(
  workbench: Workbench,
  panel: ExplanationPanel,
  name: string,
): Promise<{ classes: number; map: number }> {
  await workbench.chooseFromContextMenu(workbench.file(name), title);
  const started = performance.now();
  await workbench.tab(`${name} – ViT`).waitFor();
  await panel.frame.locator('h1', { hasText: name }).waitFor();
  await panel.classes.first().waitFor();
  const classes = performance.now() - started;
  await panel.get('heatmap').waitFor({ state: 'attached', timeout: 60_000 });
  return { classes, map: performance.now() - started };
}

/** Median time until another pixel is painted, measured in the panel's own page. */
async function classSwitch(panel: ExplanationPanel): Promise<number> {
  const [first = 0, second = 0] = await panel.classIndices();
  return median(repetitions, (turn) => repaint(panel, turn % 2 === 0 ? second : first, undefined));
}

async function methodSwitch(panel: ExplanationPanel): Promise<number> {
  const chosen = await panel.get('method').inputValue();
  const other = 'attention_rollout';
  await panel.get('method').selectOption(other);
  await panel.waitUntilExplained();
  return median(repetitions, (turn) => repaint(panel, undefined, turn % 2 === 0 ? chosen : other));
}

async function repaint(
  panel: ExplanationPanel,
  classIndex: number | undefined,
  method: string | undefined,
): Promise<number> {
  return panel.frame.locator('body').evaluate(
    async (body, wanted) => {
      const canvas = (): HTMLCanvasElement | null => body.querySelector('[data-testid="heatmap"]');
      const pixels = (): string => canvas()?.toDataURL() ?? '';
      const before = pixels();
      const started = performance.now();
      if (wanted.method !== undefined) {
        const select = body.querySelector<HTMLSelectElement>('[data-testid="method"]');
        if (select === null) throw new Error('There is no method to choose.');
        select.value = wanted.method;
        select.dispatchEvent(new Event('change', { bubbles: true }));
      } else {
        body.querySelector<HTMLElement>(`[data-index="${wanted.classIndex}"] input`)?.click();
      }
      for (;;) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        const now = performance.now();
        const after = pixels();
        if (after !== '' && after !== before) return now - started;
        if (now - started > 10_000) throw new Error('Nothing was painted.');
      }
    },
    { classIndex, method },
  );
}

async function median(count: number, measure: (turn: number) => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let turn = 0; turn < count; turn += 1) values.push(await measure(turn));
  return values.sort((a, b) => a - b)[Math.floor(count / 2)] ?? NaN;
}

function packageMegabytes(repository: string): number | undefined {
  const file = packageFile(repository, ownTarget);
  return existsSync(file) ? statSync(file).size / 1e6 : undefined;
}
