/** Page objects of the workbench: the explorer, menus, the command palette, the explanation panel. */
import path from 'node:path';
import {
  chromium,
  type Browser,
  type FrameLocator,
  type Locator,
  type Page,
} from 'playwright-core';
import { workbenchAddress, type EditorServer, type WorkbenchOptions } from './server';
import { until } from './suite';

const browserArguments = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function startBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: browserArguments });
}

/** One window of VS Code in a browser page. */
export class Workbench {
  /** Everything the page and its frames wrote as an error. */
  readonly consoleErrors: string[] = [];

  private constructor(readonly page: Page) {
    page.on('console', (message) => {
      if (message.type() === 'error') this.consoleErrors.push(message.text());
    });
    page.on('pageerror', (error) => this.consoleErrors.push(error.message));
  }

  static async open(
    browser: Browser,
    server: EditorServer,
    options: WorkbenchOptions,
    beforeLoad?: (page: Page) => Promise<void>,
  ): Promise<Workbench> {
    const context = await browser.newContext({
      viewport: { width: 1360, height: 860 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    await beforeLoad?.(page);
    const address = workbenchAddress(server, options);
    const workbench = new Workbench(page);
    await page.goto(address);
    if (options.testsFile === undefined) await workbench.waitUntilUsable();
    return workbench;
  }

  async waitUntilUsable(): Promise<void> {
    await this.page
      .locator('.monaco-workbench .explorer-folders-view .monaco-list-row')
      .first()
      .waitFor();
  }

  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent('domcontentloaded');
    await this.runCommand('Developer: Reload Window');
    await loaded;
    await this.waitUntilUsable();
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  /** A file's row in the explorer. */
  file(name: string): Locator {
    return this.page
      .locator(
        `.explorer-folders-view .monaco-list-row[aria-label^="${name}"], .explorer-folders-view .monaco-list-row:has(.label-name:text-is("${name}"))`,
      )
      .first();
  }

  /**
   * Opens a context menu and chooses an item. A menu that was opened before the extension's
   * contributions arrived does not update, so it is opened again until the item is there.
   */
  async chooseFromContextMenu(target: Locator, item: string): Promise<void> {
    await this.waitForContextMenu(target, item);
    await this.openContextMenu(target);
    const entry = this.menu.getByRole('menuitem', { name: item, exact: true });
    await entry.hover();
    await this.page.waitForTimeout(300); // a menu ignores clicks right after it opened
    await entry.click();
    await this.menu.waitFor({ state: 'detached' });
  }

  /** Gives a file or folder of the explorer another name. */
  async rename(before: string, after: string): Promise<void> {
    const input = this.page.locator('.explorer-folders-view .monaco-inputbox input');
    // The explorer may be about to draw itself anew: then the key goes nowhere.
    await until('its name can be changed', async () => {
      await this.contextMenuOf(this.file(before));
      await this.page.keyboard.press('F2');
      return input.waitFor({ timeout: 3000 }).then(
        () => true,
        () => false,
      );
    });
    await input.fill(after);
    await input.press('Enter');
    await this.file(after).waitFor();
  }

  /** Until the extension's contributions have arrived in a context menu. */
  async waitForContextMenu(target: Locator, item: string): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      const labels = await this.contextMenuOf(target);
      if (labels.includes(item)) return;
      if (attempt === 20) throw new Error(`“${item}” is not among: ${labels.join(', ')}`);
      await this.page.waitForTimeout(500);
    }
  }

  /** The labels of a context menu, which is closed again. */
  async contextMenuOf(target: Locator): Promise<string[]> {
    await this.openContextMenu(target);
    const labels = await this.menu.locator('.action-label').allInnerTexts();
    await this.page.keyboard.press('Escape');
    await this.menu.waitFor({ state: 'detached' });
    return labels.map((label) => label.trim()).filter((label) => label !== '');
  }

  private get menu(): Locator {
    return this.page.locator('.monaco-menu').first();
  }

  /**
   * Clicks a row of a list that the editor may just be drawing anew: then the click waits for a row that is gone,
   * and only another one finds that which took its place.
   */
  private async clickRow(target: Locator, options: Parameters<Locator['click']>[0]): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await target.click({ ...options, timeout: 5000 });
        return;
      } catch (error) {
        if (attempt === 6) throw error;
      }
    }
  }

  /** Opens a context menu and leaves it open. */
  async openContextMenu(target: Locator): Promise<void> {
    await this.clickRow(target, { button: 'right' });
    await this.menu.locator('.action-label').first().waitFor();
  }

  /** Runs a command by its title in the palette; waits for contributions as the context menu does. */
  async runCommand(title: string): Promise<void> {
    const row = this.page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first();
    for (let attempt = 0; ; attempt += 1) {
      await this.openPalette(title);
      try {
        await row.waitFor({ timeout: 2000 });
        break;
      } catch (error) {
        if (attempt === 10) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
    await row.click();
  }

  /** Until no page but one is left: a closed one takes a while to go. */
  async untilAlone(): Promise<void> {
    const pages = this.page.locator('iframe.webview.ready');
    await pages.nth(1).waitFor({ state: 'detached' });
  }

  /** Answers the editor's dialog for a file of this machine. */
  async browseTo(file: string, title: string): Promise<void> {
    const dialog = this.page.locator('.quick-input-widget', { hasText: title });
    const input = dialog.locator('input[type="text"]').first();
    await dialog.locator('.monaco-list-row').first().waitFor();
    await input.fill(file);
    await dialog
      .locator('.monaco-list-row', { hasText: path.basename(file) })
      .first()
      .waitFor();
    await input.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
  }

  /** The palette's entries for a filter. */
  async paletteEntries(filter: string): Promise<string[]> {
    await this.openPalette(filter);
    await this.page.waitForTimeout(400);
    const labels = await this.page
      .locator('.quick-input-list .monaco-list-row .label-name')
      .allInnerTexts();
    await this.page.keyboard.press('Escape');
    return labels;
  }

  private async openPalette(filter: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget input[type="text"]:visible').first();
    for (let attempt = 0; ; attempt += 1) {
      try {
        await this.page.keyboard.press('F1');
        await input.fill(`>${filter}`, { timeout: 2000 });
        return;
      } catch (error) {
        if (attempt === 5) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }

  /** The frame of the explanation panel that is in front. */
  get panel(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  }

  tab(name: string): Locator {
    return this.page.locator('.tabs-container .tab', { hasText: name });
  }

  /** Whether the editor in front is the panel of this file. */
  async isActive(name: string): Promise<boolean> {
    const active = this.page.locator('.tabs-container .tab.active', { hasText: `${name} – ViT` });
    return (await active.count()) > 0;
  }

  async chooseTheme(name: string): Promise<void> {
    await this.runCommand('Preferences: Color Theme');
    const input = this.page.locator('.quick-input-widget input[type="text"]').first();
    await input.fill(name);
    await this.page
      .locator('.quick-input-list .monaco-list-row', { hasText: name })
      .first()
      .waitFor();
    await input.press('Enter');
    // A part of the window that a picture of it shows.
    const kind = name.startsWith('Light') ? 'vs' : 'vs-dark';
    const highContrast = name.startsWith('Light') ? 'hc-light' : 'hc-black';
    const wanted = name.endsWith('High Contrast') ? highContrast : kind;
    await this.page.locator(`.monaco-workbench.${wanted}`).waitFor();
  }

  /** Console errors that are not the harness's own (no gallery, no icon, no service worker update …). */
  errorsOfOurs(): string[] {
    return this.consoleErrors.filter((text) =>
      /vit-?explainer|panel\.(js|css)|Content Security Policy|Uncaught/i.test(text),
    );
  }

  get notifications(): Locator {
    return this.page.locator('.notifications-toasts .notification-list-item-message');
  }
}
