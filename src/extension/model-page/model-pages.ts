/** The pages of model files: opened by the editor, or from where the preparation of pictures is in question. */
import * as vscode from 'vscode';
import type { TrialSubject } from '../../shared/model-page/trial';
import { modelEditorType } from '../commands/command-ids';
import { ModelPageController, type ModelPageServices } from './model-page-controller';

/** Shows the page of a model file beside, and offers to try it on these pictures. */
export type ShowModel = (file: string, subject: TrialSubject) => Promise<void>;

export class ModelPages {
  private readonly controllers = new Set<ModelPageController>();
  /** What each file was asked about last, by its path. */
  private readonly subjects = new Map<string, TrialSubject>();

  constructor(private readonly services: ModelPageServices) {}

  /** Fills the editor of a file. */
  fill(panel: vscode.WebviewPanel, file: vscode.Uri): void {
    const controller = new ModelPageController(panel, file, this.services);
    this.controllers.add(controller);
    const subject = this.subjects.get(file.fsPath);
    if (subject !== undefined) controller.offer(subject);
    panel.onDidDispose(() => {
      this.controllers.delete(controller);
      controller.dispose();
    });
  }

  readonly show: ShowModel = async (file, subject) => {
    this.subjects.set(file, subject);
    for (const controller of this.controllers)
      if (controller.file === file) controller.offer(subject);
    await vscode.commands.executeCommand(
      'vscode.openWith',
      vscode.Uri.file(file),
      modelEditorType,
      vscode.ViewColumn.Beside,
    );
  };
}
