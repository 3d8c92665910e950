/** A page in the editor: loads its script, hears what it says, and knows whether it is there to be told. */
import * as v from 'valibot';
import * as vscode from 'vscode';
import { failureData } from '../../shared/failure';
import type { FailureData } from '../../shared/failure-data';
import { handle, type Handlers, type Message } from '../../shared/protocol/messages';
import { distFolder, pageHtml, pageIcon, type PageName } from './page-html';
import type { PageListener } from './state-channel';

export interface PageSurroundings {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
}

interface PageContent<Any extends Message> {
  readonly name: PageName;
  /** Folders that it may read beside `dist/`. */
  readonly folders: readonly vscode.Uri[];
  /** Of all that it says. */
  readonly schema: v.GenericSchema<unknown, Any>;
  /** What it shows before its script has run, as HTML, whenever it loads; left out: nothing. */
  readonly first?: () => Promise<string>;
  readonly handlers: Handlers<Any, Promise<void> | void>;
  readonly listener: PageListener<Any>;
  readonly log: (failure: FailureData) => void;
}

export class Page<Any extends Message> implements vscode.Disposable {
  private readonly disposables: readonly vscode.Disposable[];
  private isDisposed = false;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    private readonly surroundings: PageSurroundings,
    private readonly content: PageContent<Any>,
  ) {
    const { webview } = panel;
    const { folders, listener } = content;
    panel.iconPath = pageIcon(surroundings.extensionUri);
    this.allow(folders);
    this.disposables = [
      webview.onDidReceiveMessage((message: unknown) => this.receive(message)),
      panel.onDidChangeViewState(() => {
        if (panel.visible) {
          listener.shown();
          return;
        }
        listener.hidden();
        if (content.first !== undefined) void this.load();
      }),
    ];
    void this.load();
  }

  /** Loads the page anew, or makes what a hidden one is to load another one. */
  async load(): Promise<void> {
    const { webview } = this.panel;
    const { name, first } = this.content;
    const shown = first === undefined ? '' : await first();
    if (!this.isDisposed)
      webview.html = pageHtml(webview, this.surroundings.extensionUri, name, shown);
  }

  /** Lets the page read these folders; where it may read them already, it stays as it is. @returns whether it loads anew */
  allow(folders: readonly vscode.Uri[]): boolean {
    const { webview } = this.panel;
    const all = [distFolder(this.surroundings.extensionUri), ...folders];
    const known = new Set(webview.options.localResourceRoots?.map(String));
    // Other roots load the page anew; fewer are no reason to.
    if (all.every((folder) => known.has(folder.toString()))) return false;
    webview.options = { enableScripts: true, localResourceRoots: all };
    return true;
  }

  dispose(): void {
    this.isDisposed = true;
    this.content.listener.hidden();
    for (const disposable of this.disposables) disposable.dispose();
  }

  private receive(raw: unknown): void {
    const { schema, handlers, listener, name } = this.content;
    const parsed = v.safeParse(schema, raw);
    if (!parsed.success) {
      this.surroundings.log.warn(`The ${name} sent a message that is not of its protocol.`);
      listener.hear(undefined, () => undefined);
      return;
    }
    const message = parsed.output;
    // What fails at once and what fails later is told alike.
    const work = async (): Promise<void> => handle(handlers, message);
    if (message.kind === 'ready') listener.ready();
    const done = message.kind === 'ready' ? work() : listener.hear(message, work);
    done.catch((error: unknown) => this.tellFailure(failureData(error)));
  }

  private tellFailure(failure: FailureData): void {
    this.content.log(failure);
    void vscode.window.showErrorMessage(`${failure.message} ${failure.nextStep}`);
  }
}
