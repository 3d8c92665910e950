/** All open panels: one a picture, one that walks through a gallery's; opened by command, or revived after a reload of the window. */
import * as v from 'valibot';
import * as vscode from 'vscode';
import type { PanelChoices } from '../../shared/panel/panel-model';
import { toldApart } from '../../shared/picture-names';
import { keptPanelSchema } from '../../shared/protocol/panel';
import { busyContext, panelType, previewContext, walkingContext } from '../commands/command-ids';
import { movedTo } from '../page/moved-files';
import { setting } from '../settings/read-setting';
import { PanelController, type PanelServices, type PanelStart } from './panel-controller';
import { PreviewPanel } from './preview-panel';
import type { SampleWalk, WalkedSample } from './sample-walk';

/** What of the editor a picture is opened in. */
export interface Place {
  readonly column?: vscode.ViewColumn;
  /** Whether it gets a panel that the next picture leaves alone. */
  readonly isKept?: boolean;
}

export class Panels implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private readonly controllers = new Set<PanelController>();
  private readonly renames: vscode.Disposable;
  private readonly preview = new PreviewPanel();
  private walked: { readonly controller: PanelController; readonly walk: SampleWalk } | undefined;
  /** Panels that walked through a gallery's samples before a reload, and wait for that gallery. */
  private readonly waiting = new Map<string, PanelController>();
  private readonly offered = new Map<
    string,
    { readonly walk: SampleWalk; readonly onResumed: (picture: vscode.Uri) => void }
  >();

  constructor(private readonly services: Omit<PanelServices, 'keep' | 'moved'>) {
    services.models.onDidChange((modelId) => {
      for (const controller of this.controllers) controller.modelChanged(modelId);
    });
    this.renames = vscode.workspace.onDidRenameFiles((renamed) => this.follow(renamed));
  }

  /** The panel in front, where one is. */
  get active(): PanelController | undefined {
    return [...this.controllers].find(({ panel }) => panel.active);
  }

  /** Whether a panel walks through these samples. */
  isWalking(walk: SampleWalk): boolean {
    return this.walked?.walk === walk;
  }

  /** Goes on to another picture in the panel in front; where none is, in the one that walks through a gallery's. */
  step(by: 1 | -1): void {
    (this.active ?? this.walked?.controller)?.step(by);
  }

  /** Brings a picture's panel to the front; where there is none, shows it in the preview panel, or in one of its own. */
  open(
    picture: vscode.Uri,
    choices: Partial<PanelChoices> = {},
    { column = vscode.ViewColumn.Active, isKept = false }: Place = {},
  ): void {
    const known = this.showing(picture);
    const shown = known ?? (isKept ? undefined : this.preview.for(picture));
    if (shown === undefined) {
      const panel = vscode.window.createWebviewPanel(panelType, 'ViT', column);
      const controller = this.adopt(panel, picture, choices);
      if (!isKept && setting('previewPanel', picture)) this.preview.set(controller);
      return;
    }
    if (isKept) this.preview.keep(shown);
    shown.panel.reveal();
    if (shown === known) shown.look();
    if (shown !== known || Object.keys(choices).length > 0) shown.show(picture, choices);
  }

  /**
   * Shows a sample in the panel that walks through these ones; where none does, in one beside the
   * editor in front. There is one such panel: that of another gallery goes.
   *
   * @param focus whether the keys go to the panel; they stay there where they are in it already
   */
  walk(walk: SampleWalk, { picture, choices }: WalkedSample, focus: boolean): void {
    if (this.walked?.walk === walk) {
      const { controller } = this.walked;
      controller.show(picture, choices);
      controller.showFilmstrip();
      if (focus || !controller.panel.visible) controller.panel.reveal(undefined, !focus);
      return;
    }
    const before = this.walked?.controller.panel;
    const panel = vscode.window.createWebviewPanel(panelType, 'ViT', {
      viewColumn: before?.viewColumn ?? vscode.ViewColumn.Beside,
      preserveFocus: !focus && before?.active !== true,
    });
    this.setWalked({ controller: this.adopt(panel, picture, choices, walk), walk });
    before?.dispose();
  }

  /** The samples, their order or what is known of them changed. */
  walkChanged(walk: SampleWalk): void {
    if (this.walked?.walk === walk) this.walked.controller.showFilmstrip();
  }

  /**
   * A gallery is there (again): the panel that walked through its samples before a reload goes on, at
   * once or when it comes back itself.
   *
   * @param onResumed takes the picture that this panel shows
   */
  offerWalk(walk: SampleWalk, onResumed: (picture: vscode.Uri) => void): void {
    this.offered.set(walk.gallery, { walk, onResumed });
    this.resume(walk.gallery);
  }

  /** The gallery is closed: its panel shows the one picture that it shows. */
  endWalk(walk: SampleWalk): void {
    this.offered.delete(walk.gallery);
    if (this.walked?.walk !== walk) return;
    const { controller } = this.walked;
    this.setWalked(undefined);
    controller.walkThrough(undefined);
  }

  /** After a reload: the same picture, model, method and classes again. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, kept: unknown): Promise<void> {
    const { success, output } = v.safeParse(keptPanelSchema, kept);
    if (!success) {
      this.services.log.warn('A panel could not be restored: what it kept is not readable.');
      panel.dispose();
      return;
    }
    const { uri, ...start } = output;
    const { gallery, isPreview } = start;
    const picture = vscode.Uri.parse(uri, true);
    if (this.showing(picture) !== undefined) {
      panel.dispose();
      return;
    }
    const controller = this.adopt(panel, picture, start);
    if (isPreview === true) this.preview.set(controller);
    if (gallery !== undefined) {
      this.waiting.set(gallery, controller);
      this.resume(gallery);
    }
    return Promise.resolve();
  }

  dispose(): void {
    this.renames.dispose();
    for (const controller of [...this.controllers]) controller.panel.dispose();
  }

  private resume(gallery: string): void {
    const controller = this.waiting.get(gallery);
    const offered = this.offered.get(gallery);
    if (controller === undefined || offered === undefined || this.walked !== undefined) return;
    this.waiting.delete(gallery);
    this.setWalked({ controller, walk: offered.walk });
    controller.walkThrough(offered.walk);
    offered.onResumed(controller.picture);
  }

  private showing(picture: vscode.Uri): PanelController | undefined {
    const uri = picture.toString();
    return [...this.controllers].find((controller) => controller.picture.toString() === uri);
  }

  private adopt(
    panel: vscode.WebviewPanel,
    picture: vscode.Uri,
    start: PanelStart,
    walk?: SampleWalk,
  ): PanelController {
    const keep = (kept: boolean): void => {
      if (kept) this.preview.keep(controller);
      else this.preview.set(controller);
      this.tellFront();
    };
    const services = { ...this.services, keep, moved: () => this.nameTabs() };
    const controller = new PanelController(panel, picture, services, start, walk);
    this.controllers.add(controller);
    this.nameTabs();
    controller.onDidChangeBusy(() => this.tellFront());
    panel.onDidChangeViewState(() => this.tellFront());
    panel.onDidDispose(() => {
      // First of all: a disposed panel may not even be asked whether it is active.
      this.controllers.delete(controller);
      this.preview.forget(controller);
      this.nameTabs();
      if (this.walked?.controller === controller) this.setWalked(undefined);
      for (const [gallery, waiting] of this.waiting)
        if (waiting === controller) this.waiting.delete(gallery);
      controller.dispose();
      this.tellFront();
    });
    this.tellFront();
    return controller;
  }

  /** Pictures that were renamed or moved stay in sight. */
  private follow(renamed: vscode.FileRenameEvent): void {
    for (const controller of this.controllers) {
      const picture = movedTo(controller.picture, renamed);
      if (picture !== undefined) controller.move(picture);
    }
    this.nameTabs();
  }

  /** Those of pictures of the same name are told apart. */
  private nameTabs(): void {
    const controllers = [...this.controllers];
    const names = toldApart(controllers.map(({ picture }) => picture.toString()));
    controllers.forEach((controller, at) => controller.setTitle(names[at] ?? ''));
  }

  private setWalked(walked: { controller: PanelController; walk: SampleWalk } | undefined): void {
    this.walked = walked;
    const walking = walked !== undefined;
    void vscode.commands.executeCommand('setContext', walkingContext, walking);
  }

  /** What menus and keys go by. */
  private tellFront(): void {
    const { busy = false, isPreview = false } = this.active ?? {};
    void vscode.commands.executeCommand('setContext', busyContext, busy);
    void vscode.commands.executeCommand('setContext', previewContext, isPreview);
  }
}
