/** Runs the bundled in-host tests in a window of their own and takes over what they report. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Outcome } from './recorder';
import type { Surroundings } from './surroundings';
import { Workbench } from './workbench';

export async function runHostTests(surroundings: Surroundings): Promise<void> {
  const { repository, results, recorder } = surroundings;
  const report = path.join(repository, 'out/editor/host-report.json');
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
        extensionFolder: repository,
        testsFile: path.join(repository, 'out/editor/host.cjs'),
      },
      async (page) => {
        await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) =>
          lines.push(`${type}: ${args.map(String).join(' ')}`),
        );
        await page.exposeFunction('codeAutomationExit', (code: number) => ended(code));
      },
    );
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
