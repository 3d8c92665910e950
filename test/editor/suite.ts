/** One window and its checks: a failed one leaves a screenshot. */
import path from 'node:path';
import { ExplanationPanel } from './explanation-panel';
import type { Surroundings } from './surroundings';
import type { WorkbenchOptions } from './server';
import type { Workbench } from './workbench';

export interface Scene extends Surroundings {
  readonly workbench: Workbench;
  readonly panel: ExplanationPanel;
  readonly check: (name: string, body: () => Promise<void>) => Promise<boolean>;
  /** Keeps a picture of the window in the results. */
  readonly shoot: (name: string) => Promise<void>;
}

export async function inWindow(
  surroundings: Surroundings,
  body: (scene: Scene) => Promise<void>,
  options: Partial<WorkbenchOptions> = {},
): Promise<void> {
  const workbench = await surroundings.openWorkbench(options);
  const shoot = async (name: string): Promise<void> => {
    const file = `${name.replace(/\W+/g, '-')}.png`;
    await workbench.page.screenshot({ path: path.join(surroundings.results, file) });
  };
  try {
    await body({
      ...surroundings,
      workbench,
      panel: new ExplanationPanel(workbench.panel),
      shoot,
      check: (name, checked) =>
        surroundings.recorder.check(name, checked, (failed) => shoot(`failed ${failed}`)),
    });
  } finally {
    await workbench.close();
  }
}

/** Asks until the answer is yes. @throws when it never is */
export async function until(
  what: string,
  isSo: () => Promise<boolean> | boolean,
  timeout = 40_000,
): Promise<void> {
  const deadline = Date.now() + timeout;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`Waited in vain until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
