/** Page object of the gallery of a dataset. */
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { ExplanationPanel } from './explanation-panel';

export class GalleryPage {
  constructor(private readonly page: Page) {}

  private get frame(): FrameLocator {
    return this.webview(0);
  }

  /** The panel that walks through samples. */
  get panelBeside(): ExplanationPanel {
    return new ExplanationPanel(this.webview(1));
  }

  /** @param position in the order of their making: the gallery comes before what it opens */
  private webview(position: number): FrameLocator {
    return this.page
      .locator('iframe.webview.ready')
      .nth(position)
      .contentFrame()
      .frameLocator('iframe#active-frame');
  }

  /** For the checks that hold for every webview of ours. */
  get explanation(): ExplanationPanel {
    return new ExplanationPanel(this.frame);
  }

  get(testId: string): Locator {
    return this.frame.locator(`[data-testid="${testId}"]`);
  }

  get tiles(): Locator {
    return this.get('tile');
  }

  /** Until the work is at this point. @throws with its words when it failed */
  async waitFor(kind: 'done' | 'paused' | 'running', timeout = 90_000): Promise<void> {
    const end = this.frame.locator(
      `[data-testid="progress"][data-kind="${kind}"], [data-testid="failure"]`,
    );
    await end.first().waitFor({ state: 'attached', timeout });
    if ((await this.get('failure').count()) > 0) {
      throw new Error(`The gallery failed: ${await this.get('failure').innerText()}`);
    }
  }

  /** How many samples pass the filters. */
  async shown(): Promise<number> {
    return Number(await this.get('tiles').getAttribute('data-count'));
  }

  async names(): Promise<string[]> {
    return (await this.readTiles()).map(({ name }) => name);
  }

  /** Confidence of the readable samples, in per cent, in the order shown. */
  async shares(): Promise<number[]> {
    const shares = (await this.readTiles()).map(({ share }) => share);
    return shares.filter(Boolean).map((text) => Number.parseFloat(text.replace('<', '')));
  }

  async selected(): Promise<string | null> {
    return this.frame
      .locator('[data-testid="tile"][aria-selected="true"]')
      .getAttribute('data-name');
  }

  async picturesLoaded(): Promise<boolean> {
    return this.frame
      .locator('.tile-picture img')
      .evaluateAll(
        (images) =>
          images.length > 0 &&
          images.every((image) => image instanceof HTMLImageElement && image.naturalWidth > 0),
      );
  }

  async mapsVisible(): Promise<boolean> {
    return this.frame
      .locator('.tile-map')
      .first()
      .evaluate((map) => getComputedStyle(map).visibility === 'visible');
  }

  private async readTiles(): Promise<{ name: string; share: string }[]> {
    return this.tiles.evaluateAll((elements) =>
      elements
        .map((element) => ({
          position: Number(element.getAttribute('aria-posinset')),
          name: element.getAttribute('data-name') ?? '',
          share: element.querySelector('.tile-share')?.textContent ?? '',
        }))
        .sort((a, b) => a.position - b.position),
    );
  }
}
