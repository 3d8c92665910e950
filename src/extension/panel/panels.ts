/** All open panels: one a picture; opened by command, or revived after a reload of the window. */
import * as vscode from 'vscode';
import { busyContext, panelType, walkingContext } from '../commands/command-ids';
import { parsePanelState } from './from-panel';
import { PanelController, type PanelChoices, type PanelServices } from './panel-controller';

export class Panels implements vscode.Disposable, vscode.WebviewPanelSerializer {
  readonly #open = new Map<string, PanelController>();
  #walked:
    { readonly panel: vscode.WebviewPanel; readonly onStep: (by: number) => void } | undefined;

  constructor(private readonly services: PanelServices) {
    services.models.onDidChange((modelId) => {
      for (const controller of this.#open.values()) controller.modelChanged(modelId);
    });
  }

  /** The panel in front, where one is. */
  get active(): PanelController | undefined {
    return [...this.#open.values()].find(({ panel }) => panel.active);
  }

  /** Whether the panel that walks through samples is open. */
  get walking(): boolean {
    return this.#walked !== undefined;
  }

  /** Goes on to another sample, where a panel walks through some. */
  step(by: number): void {
    this.#walked?.onStep(by);
  }

  /** Opens a picture's panel, or brings it to the front. */
  open(picture: vscode.Uri, choices: PanelChoices = {}): void {
    const known = this.#open.get(picture.toString());
    if (known !== undefined) {
      known.panel.reveal();
      if (choices.modelId !== undefined) void known.useModel(choices.modelId);
      return;
    }
    const panel = vscode.window.createWebviewPanel(panelType, 'ViT', vscode.ViewColumn.Active);
    this.#adopt(panel, picture, choices);
  }

  /**
   * Shows one picture after another in a panel beside the editor in front: the panel of the picture
   * before goes. A picture that has a panel of its own is brought to the front.
   *
   * @param focus whether the keys go to the panel; they stay there where they are in it already
   * @param onStep called when the person wants the next or a previous one
   */
  walk(
    picture: vscode.Uri,
    choices: PanelChoices,
    focus: boolean,
    onStep: (by: number) => void,
  ): void {
    const known = this.#open.get(picture.toString());
    if (known !== undefined) {
      known.panel.reveal(undefined, !focus);
      return;
    }
    const before = this.#walked?.panel;
    const panel = vscode.window.createWebviewPanel(panelType, 'ViT', {
      viewColumn: before?.viewColumn ?? vscode.ViewColumn.Beside,
      preserveFocus: !focus && before?.active !== true,
    });
    this.#walked = { panel, onStep };
    panel.onDidDispose(() => {
      if (this.#walked?.panel === panel) this.#walked = undefined;
      this.#tellWalking();
    });
    this.#tellWalking();
    this.#adopt(panel, picture, choices);
    before?.dispose();
  }

  /** After a reload: the same picture, model, method and classes again. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, kept: unknown): Promise<void> {
    const state = parsePanelState(kept);
    if (state === undefined) {
      this.services.log.warn('A panel could not be restored: what it kept is not readable.');
      panel.dispose();
      return;
    }
    const { uri, ...choices } = state;
    if (this.#open.has(uri)) panel.dispose();
    else this.#adopt(panel, vscode.Uri.parse(uri, true), choices);
    return Promise.resolve();
  }

  dispose(): void {
    for (const controller of this.#open.values()) controller.panel.dispose();
  }

  #adopt(panel: vscode.WebviewPanel, picture: vscode.Uri, choices: PanelChoices): void {
    const controller = new PanelController(panel, picture, this.services, choices);
    this.#open.set(picture.toString(), controller);
    controller.onDidChangeBusy(() => this.#tellBusy());
    panel.onDidChangeViewState(() => this.#tellBusy());
    panel.onDidDispose(() => {
      // First of all: a disposed panel may not even be asked whether it is active.
      if (this.#open.get(picture.toString()) === controller) {
        this.#open.delete(picture.toString());
      }
      controller.dispose();
      this.#tellBusy();
    });
    this.#tellBusy();
  }

  #tellWalking(): void {
    void vscode.commands.executeCommand('setContext', walkingContext, this.walking);
  }

  #tellBusy(): void {
    const busy = this.active?.busy ?? false;
    void vscode.commands.executeCommand('setContext', busyContext, busy);
  }
}
