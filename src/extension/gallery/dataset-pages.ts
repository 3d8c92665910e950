/** All open pages about datasets of one type: one a dataset; opened by command, or revived after a reload of the window. */
import * as v from 'valibot';
import * as vscode from 'vscode';
import { movedTo } from '../page/moved-files';
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
    kept: Asked<KeptPage>,
  ) => DatasetPage<KeptPage>;
}

/** What a page keeps beside its sources. */
type Asked<KeptPage extends Kept> = Partial<Omit<KeptPage, 'sources'>>;

interface DatasetPage<KeptPage extends Kept> {
  dispose(): void;
  /** What is asked and how it is looked at, as of now. */
  readonly kept: Asked<KeptPage>;
}

interface OpenPage<KeptPage extends Kept> {
  readonly panel: vscode.WebviewPanel;
  sources: readonly vscode.Uri[];
  controller: DatasetPage<KeptPage>;
}

/** Opens a dataset’s page. */
export type OpenDataset = Pick<DatasetPages<Kept>, 'open'>;

export class DatasetPages<KeptPage extends Kept>
  implements vscode.Disposable, vscode.WebviewPanelSerializer
{
  private readonly pages = new Set<OpenPage<KeptPage>>();
  private readonly following: vscode.Disposable;

  constructor(
    private readonly type: PageType<KeptPage>,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.following = vscode.workspace.onDidRenameFiles((renamed) => this.follow(renamed));
  }

  /**
   * Opens a dataset's page, or brings it to the front.
   * @param sources folders, manifests, pictures; at least one
   */
  open(sources: readonly vscode.Uri[]): void {
    const known = this.pageOf(sources);
    if (known !== undefined) {
      known.panel.reveal();
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
      if (this.pageOf(uris) !== undefined) panel.dispose();
      else this.adopt(panel, uris, state);
    }
    return Promise.resolve();
  }

  dispose(): void {
    this.following.dispose();
    for (const { panel } of this.pages) panel.dispose();
  }

  private pageOf(sources: readonly vscode.Uri[]): OpenPage<KeptPage> | undefined {
    const key = datasetKey(sources);
    return [...this.pages].find((page) => datasetKey(page.sources) === key);
  }

  private adopt(
    panel: vscode.WebviewPanel,
    sources: readonly vscode.Uri[],
    kept: Asked<KeptPage>,
  ): void {
    const page = { panel, sources, controller: this.type.control(panel, sources, kept) };
    this.pages.add(page);
    panel.onDidDispose(() => {
      page.controller.dispose();
      this.pages.delete(page);
    });
  }

  /** A dataset that was renamed or moved is shown where it is now, as it was asked and looked at. */
  private follow(renamed: vscode.FileRenameEvent): void {
    for (const page of this.pages) {
      const moved = page.sources.map((source) => movedTo(source, renamed));
      if (moved.every((to) => to === undefined)) continue;
      const { kept } = page.controller;
      page.controller.dispose();
      page.sources = page.sources.map((source, at) => moved[at] ?? source);
      page.controller = this.type.control(page.panel, page.sources, kept);
    }
  }
}
