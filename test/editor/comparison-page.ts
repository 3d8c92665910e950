/** Page object of a comparison. */
import type { FrameLocator, Locator } from 'playwright-core';

export class ComparisonPage {
  constructor(readonly frame: FrameLocator) {}

  get(testId: string): Locator {
    return this.frame.locator(`[data-testid="${testId}"]`);
  }

  get cells(): Locator {
    return this.get('cell');
  }

  /** Those that are maps, are without one, went wrong, or are still awaited. */
  cellsOf(kind: 'map' | 'none' | 'failed' | 'waiting'): Locator {
    return this.frame.locator(`[data-testid="cell"][data-kind="${kind}"]`);
  }

  /** The cell whose name begins so. */
  cell(name: string): Locator {
    return this.frame.locator(`[data-testid="cell"][data-name^="${name}"]`);
  }

  async waitUntilCompared(timeout = 120_000): Promise<void> {
    const done = this.frame.locator('[data-testid="comparison"][data-kind="idle"]');
    await done.waitFor({ timeout });
  }

  async values(): Promise<string[]> {
    return this.get('cell-value').allInnerTexts();
  }

  /** Widths of the cells' pictures as enlarged, in parts of their room. */
  async zooms(): Promise<number[]> {
    return this.frame.locator('.cell-picture').evaluateAll((rooms) =>
      rooms.map((room) => {
        const part = room.firstElementChild?.getBoundingClientRect().width ?? 0;
        return part / room.getBoundingClientRect().width;
      }),
    );
  }
}
