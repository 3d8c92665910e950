/** Runs the bundled in-host tests in a window of their own and takes over what they report. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Outcome } from './recorder';
import type { Surroundings } from './surroundings';
import { ExplanationPanel } from './explanation-panel';
import { hostMarks } from './host/marks';
import { Workbench } from './workbench';

export async function runHostTests(surroundings: Surroundings): Promise<void> {
  const { repository, bundles, results, recorder, vsix } = surroundings;
  const marks = hostMarks(bundles);
  marks.clear();
  const report = path.join(bundles, 'host-report.json');
  rmSync(report, { force: true });
  mkdirSync(results, { recursive: true });
  await recorder.check('in-host tests report', async () => {
    const lines: string[] = [];
    let ended: (code: number) => void = () => undefined;
    const exit = new Promise<number>((resolve) => (ended = resolve));
    const workbench = await Workbench.open(
      surroundings.browser,
      surroundings.server,
      {
        folder: surroundings.workspace.folder,
        // The editor runs tests only beside an extension under development: for a packaged one an empty stand-in.
        extensionFolder: vsix === undefined ? repository : emptyExtension(bundles),
        testsFile: path.join(bundles, 'host.cjs'),
      },
      async (page) => {
        await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) =>
          lines.push(`${type}: ${args.map(String).join(' ')}`),
        );
        await page.exposeFunction('codeAutomationExit', (code: number) => ended(code));
      },
    );
    void seeVirtualPicture(workbench, marks);
    const code = await Promise.race([
      exit,
      new Promise<number>((resolve) => setTimeout(() => resolve(-1), 180_000)),
    ]);
    await workbench.close();
    if (!existsSync(report)) {
      throw new Error(
        `They ended with ${code} and left no report.\n${lines.slice(-20).join('\n')}`,
      );
    }
    const outcomes = JSON.parse(readFileSync(report, 'utf8')) as Outcome[];
    if (outcomes.length === 0) throw new Error('The report is empty.');
    for (const outcome of outcomes) recorder.add({ ...outcome, name: `in host: ${outcome.name}` });
  });
}

/** The in-host tests cannot look into a panel: the page does, and leaves a mark for them. */
async function seeVirtualPicture(
  workbench: Workbench,
  marks: ReturnType<typeof hostMarks>,
): Promise<void> {
  try {
    await marks.wait('virtual-picture-opened', 120_000);
    const panel = new ExplanationPanel(workbench.panel);
    await panel.waitUntilExplained();
    await panel.frame.locator('[data-testid="picture"][data-image="loaded"]').waitFor();
    marks.leave('virtual-picture-seen');
  } catch (error) {
    marks.leave('virtual-picture-missed', String(error));
  }
}

function emptyExtension(bundles: string): string {
  const folder = path.join(bundles, 'empty-extension');
  mkdirSync(folder, { recursive: true });
  const manifest = { name: 'empty', publisher: 'test', version: '0.0.0', engines: { vscode: '*' } };
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
  return folder;
}
