/** All open galleries: one a dataset; opened by command, or revived after a reload of the window. */
import * as v from 'valibot';
import * as vscode from 'vscode';
import { keptGallerySchema, type KeptGallery } from '../../shared/protocol/gallery';
import { galleryType } from '../commands/command-ids';
import { datasetKey } from './dataset-key';
import { GalleryController, type GalleryServices } from './gallery-controller';

export class Galleries implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private readonly controllers = new Map<string, GalleryController>();

  constructor(private readonly services: GalleryServices) {}

  /**
   * Opens a dataset's gallery, or brings it to the front.
   * @param sources folders, manifests, pictures; at least one
   */
  open(sources: readonly vscode.Uri[]): void {
    const known = this.controllers.get(datasetKey(sources));
    if (known !== undefined) {
      known.panel.reveal();
      return;
    }
    const panel = vscode.window.createWebviewPanel(galleryType, 'ViT', vscode.ViewColumn.Active, {
      enableFindWidget: false,
    });
    this.adopt(panel, sources, {});
  }

  /** After a reload: the same dataset, model and method again. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel, kept: unknown): Promise<void> {
    const parsed = v.safeParse(keptGallerySchema, kept);
    if (!parsed.success) {
      this.services.log.warn('A gallery could not be restored: what it kept is not readable.');
      panel.dispose();
    } else {
      const { sources, ...state } = parsed.output;
      const uris = sources.map((source) => vscode.Uri.parse(source, true));
      if (this.controllers.has(datasetKey(uris))) panel.dispose();
      else this.adopt(panel, uris, state);
    }
    return Promise.resolve();
  }

  dispose(): void {
    for (const controller of this.controllers.values()) controller.panel.dispose();
  }

  private adopt(
    panel: vscode.WebviewPanel,
    sources: readonly vscode.Uri[],
    kept: Partial<Omit<KeptGallery, 'sources'>>,
  ): void {
    const controller = new GalleryController(panel, sources, this.services, kept);
    const key = datasetKey(sources);
    this.controllers.set(key, controller);
    panel.onDidDispose(() => {
      controller.dispose();
      this.controllers.delete(key);
    });
  }
}
