/** The one panel that the next picture takes the place of, as editors preview files. */
import * as vscode from 'vscode';
import { panelType } from '../commands/command-ids';
import { setting } from '../settings/read-setting';
import type { PanelController } from './panel-controller';

export class PreviewPanel {
  private controller: PanelController | undefined;

  /** The panel to show a picture in; undefined where it opens one of its own. */
  for(picture: vscode.Uri): PanelController | undefined {
    const { controller } = this;
    if (controller === undefined || !setting('previewPanel', picture)) return undefined;
    if (!isPinnedTab(controller.panel)) return controller;
    this.keep(controller);
    return undefined;
  }

  /** From now on this is the one; that of before stays open. */
  set(controller: PanelController): void {
    if (this.controller === controller) return;
    this.controller?.setPreview(false);
    this.controller = controller;
    controller.setPreview(true);
  }

  /** It stays open; a panel that is no preview, such as one that walks through a gallery, does anyway. */
  keep(controller: PanelController): void {
    if (this.controller !== controller) return;
    this.forget(controller);
    controller.setPreview(false);
  }

  forget(controller: PanelController): void {
    if (this.controller === controller) this.controller = undefined;
  }
}

/** Whether the person pinned its tab in the editor. */
function isPinnedTab({ title, viewColumn }: vscode.WebviewPanel): boolean {
  return vscode.window.tabGroups.all.some(
    (group) =>
      group.viewColumn === viewColumn &&
      group.tabs.some(
        ({ input, label, isPinned }) =>
          isPinned &&
          label === title &&
          input instanceof vscode.TabInputWebview &&
          // The editor puts something before it.
          input.viewType.endsWith(panelType),
      ),
  );
}
