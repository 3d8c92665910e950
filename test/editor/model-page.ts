/** Page object of the page of a model file. */
import type { Locator } from 'playwright-core';
import type { Workbench } from './workbench';

export class ModelPage {
  constructor(private readonly workbench: Workbench) {}

  /** The page in front. */
  get frame() {
    return this.workbench.panel;
  }

  get(testId: string): Locator {
    return this.frame.locator(`[data-testid="${testId}"]`);
  }

  /** Opens a file as the explorer does. */
  async open(name: string): Promise<void> {
    await this.workbench.file(name).dblclick();
    await this.workbench.tab(name).waitFor();
  }

  /** Until the file is read. @throws with its words when it cannot be */
  async waitUntilRead(timeout = 60_000): Promise<void> {
    const end = this.frame.locator(
      '[data-testid="model-page"][data-ready="true"], [data-testid="failure"]',
    );
    await end.first().waitFor({ timeout });
    if ((await this.get('failure').count()) > 0)
      throw new Error(`It failed: ${await this.get('failure').innerText()}`);
    await this.frame.locator('[data-testid="activity"][data-kind="idle"]').waitFor({
      state: 'attached',
      timeout,
    });
  }
}
