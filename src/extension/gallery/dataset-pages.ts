/** All open pages about datasets of one type: one a dataset; opened by command, or revived after a reload of the window. */
import * as v from 'valibot';
import * as vscode from 'vscode';
import { datasetKey } from './dataset-key';

/** What a page keeps over a reload. */
interface Kept {
  readonly sources: readonly string[];
}

/** A page of the type. */
export interface PageType<KeptPage extends Kept> {
  /** Of its webview. */
  readonly viewType: string;
  readonly keptSchema: v.GenericSchema<unknown, KeptPage>;
  /** @param kept what is asked and how it is looked at, instead of the defaults */
  readonly control: (
    panel: vscode.WebviewPanel,
    sources: readonly vscode.Uri[],
    kept: Partial<Omit<KeptPage, 'sources'>>,
  ) => { dispose(): void };
}

/** Opens a dataset’s page. */
export type OpenDataset = Pick<DatasetPages<Kept>, 'open'>;

export class DatasetPages<KeptPage extends Kept>
  implements vscode.Disposable, vscode.WebviewPanelSerializer
{
  private readonly panels = new Map<string, vscode.WebviewPanel>();

  constructor(
    private readonly type: PageType<KeptPage>,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /**
   * Opens a dataset's page, or brings it to the front.
   * @param sources folders, manifests, pictures; at least one
   */
  open(sources: readonly vscode.Uri[]): void {
    const known = this.panels.get(datasetKey(sources));
    if (known !== undefined) {
      known.reveal();
      return;
    }
    const { viewType } = this.type;
    const panel = vscode.window.createWebviewPanel(viewType, 'ViT', vscode.ViewColumn.Active, {
      enableFindWidget: false,
    });
    this.adopt(panel, sources, {});
  }

  /** After a reload: the same dataset, and what was asked of it. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel, kept: unknown): Promise<void> {
    const parsed = v.safeParse(this.type.keptSchema, kept);
    if (!parsed.success) {
      this.log.warn('A page could not be restored: what it kept is not readable.');
      panel.dispose();
    } else {
      const { sources, ...state } = parsed.output;
      const uris = sources.map((source) => vscode.Uri.parse(source, true));
      if (this.panels.has(datasetKey(uris))) panel.dispose();
      else this.adopt(panel, uris, state);
    }
    return Promise.resolve();
  }

  dispose(): void {
    for (const panel of this.panels.values()) panel.dispose();
  }

  private adopt(
    panel: vscode.WebviewPanel,
    sources: readonly vscode.Uri[],
    kept: Partial<Omit<KeptPage, 'sources'>>,
  ): void {
    const controller = this.type.control(panel, sources, kept);
    const key = datasetKey(sources);
    this.panels.set(key, panel);
    panel.onDidDispose(() => {
      controller.dispose();
      this.panels.delete(key);
    });
  }
}
