/** Page object of the explanation panel. */
import type { FrameLocator, Locator } from 'playwright-core';

/** The canvas as it was painted, before the browser scales it. */
export interface CanvasPixels {
  readonly width: number;
  readonly height: number;
  readonly pixels: readonly number[];
}

export class ExplanationPanel {
  constructor(readonly frame: FrameLocator) {}

  get(testId: string): Locator {
    return this.frame.locator(`[data-testid="${testId}"]`);
  }

  get classes(): Locator {
    return this.get('class');
  }

  classRow(index: number): Locator {
    return this.frame.locator(`[data-testid="class"][data-index="${index}"]`);
  }

  /** Until the maps of the chosen method are there. */
  async waitUntilExplained(timeout = 90_000): Promise<void> {
    await this.frame
      .locator('[data-testid="activity"][data-kind="idle"], [data-testid="failure"]')
      .first()
      .waitFor({ state: 'attached', timeout });
    if ((await this.get('failure').count()) > 0)
      throw new Error(`The panel failed: ${await this.get('failure').innerText()}`);
    await this.get('heatmap').waitFor({ state: 'attached' });
  }

  async waitForFailure(timeout = 60_000): Promise<{ code: string; text: string }> {
    const failure = this.get('failure');
    await failure.waitFor({ timeout });
    return {
      code: (await failure.getAttribute('data-code')) ?? '',
      text: await failure.innerText(),
    };
  }

  /** Class numbers in the order of the list. */
  async classIndices(): Promise<number[]> {
    const rows = await this.classes.all();
    return Promise.all(rows.map(async (row) => Number(await row.getAttribute('data-index'))));
  }

  async selectedClass(): Promise<number> {
    const chosen = this.frame.locator('[data-testid="class"] input:checked');
    return Number(await chosen.getAttribute('value'));
  }

  async heatmapOpacity(): Promise<number> {
    return this.get('heatmap').evaluate((element) => Number(getComputedStyle(element).opacity));
  }

  /** Buttons, fields and the like that a screen reader could not name. */
  async namelessControls(): Promise<string[]> {
    return this.frame.locator('body').evaluate((body) => {
      const nameOf = (element: Element): string => {
        const labelled = (element.getAttribute('aria-labelledby') ?? '')
          .split(' ')
          .map((id) => document.getElementById(id)?.textContent ?? '')
          .join(' ');
        const labels =
          'labels' in element
            ? [...((element.labels as NodeListOf<HTMLElement> | null) ?? [])]
                .map((label) => label.textContent)
                .join(' ')
            : '';
        const own = element.matches('button, a, summary') ? element.textContent : '';
        const given = element.getAttribute('aria-label') ?? element.getAttribute('title') ?? '';
        return [given, labelled, labels, own].join(' ').trim();
      };
      const controls =
        'button, input, select, a[href], summary, [tabindex="0"], [role="application"]';
      return [...body.querySelectorAll(controls)]
        .filter((element) => nameOf(element) === '')
        .map((element) => element.outerHTML.slice(0, 120));
    });
  }

  async heatmapPixels(): Promise<CanvasPixels> {
    return this.get('heatmap').evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const context = canvas.getContext('2d');
      if (context === null) throw new Error('The heatmap has no drawing context.');
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      return { width: canvas.width, height: canvas.height, pixels: [...data] };
    });
  }
}
