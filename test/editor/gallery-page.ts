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

  /** A panel that is left without its gallery. */
  get only(): ExplanationPanel {
    return new ExplanationPanel(this.webview(0));
  }

  /** The samples at the lower edge of the panel that walks through them. */
  get filmstrip(): Filmstrip {
    return new Filmstrip(this.panelBeside);
  }

  /**
   * The page in front of an editor group. The workbench keeps the pages of webviews apart from the
   * groups, in whichever order they came to be; each group names the one that lies over it.
   * @param group from 0: the gallery's, then the one beside it
   */
  private webview(group: number): FrameLocator {
    const groups = `//*[contains(concat(" ", @class, " "), " editor-group-container ")]`;
    return this.page
      .locator(
        `xpath=//iframe[contains(@class, "ready")][@name = (${groups})[${group + 1}]//@aria-flowto]`,
      )
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
  async waitFor(
    kind: 'done' | 'paused' | 'running' | 'cancelled',
    timeout = 90_000,
  ): Promise<void> {
    const end = this.frame.locator(
      `[data-testid="progress"][data-kind="${kind}"], [data-testid="failure"]`,
    );
    await end.first().waitFor({ state: 'attached', timeout });
    if ((await this.get('failure').count()) > 0)
      throw new Error(`The gallery failed: ${await this.get('failure').innerText()}`);
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

  /** What is said of each sample, without the confidence. */
  async descriptions(): Promise<string[]> {
    return (await this.readTiles()).map(({ said }) => said);
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

  private async readTiles(): Promise<{ name: string; said: string; share: string }[]> {
    const tiles = await this.tiles.evaluateAll((elements) => {
      const textIn = (element: Element, part: string) =>
        element.querySelector(part)?.textContent ?? '';
      return elements.map((element) => ({
        position: Number(element.getAttribute('aria-posinset')),
        name: element.getAttribute('data-name') ?? '',
        share: textIn(element, '.tile-share'),
        said: [
          `${element.getAttribute('data-name') ?? ''}: `,
          textIn(element, '.tile-class') || textIn(element, '.unreadable'),
          textIn(element, '.tile-mark') === ''
            ? ''
            : `, wrong: it ${textIn(element, '.tile-truth')}`,
          textIn(element, '.unseen').endsWith(', right: ') ? ', right' : '',
        ].join(''),
      }));
    });
    return tiles.sort((a, b) => a.position - b.position);
  }
}

/** Page object of the filmstrip; its samples are few enough to be all in the page. */
export class Filmstrip {
  constructor(private readonly panel: ExplanationPanel) {}

  frame(name: string): Locator {
    return this.panel.frame.locator(`[data-testid="frame"][data-name="${name}"]`);
  }

  /** @param verdict all when left out */
  async names(verdict?: 'right' | 'wrong'): Promise<string[]> {
    const frames = await this.panel.get('frame').evaluateAll((elements) =>
      elements.map((element) => ({
        place: Number(element.getAttribute('aria-posinset')),
        name: element.getAttribute('data-name') ?? '',
        verdict: element.getAttribute('data-verdict'),
      })),
    );
    return frames
      .filter((frame) => verdict === undefined || frame.verdict === verdict)
      .sort((a, b) => a.place - b.place)
      .map(({ name }) => name);
  }

  /** Name of the sample that is marked as shown; null where none is. */
  async selected(): Promise<string | null> {
    const shown = this.panel.frame.locator('[data-testid="frame"][aria-selected="true"]');
    return (await shown.count()) === 0 ? null : shown.getAttribute('data-name');
  }

  async picturesLoaded(): Promise<boolean> {
    return this.panel.frame
      .locator('.frame-picture img')
      .evaluateAll(
        (images) =>
          images.length > 0 &&
          images.every((image) => image instanceof HTMLImageElement && image.naturalWidth > 0),
      );
  }
}
