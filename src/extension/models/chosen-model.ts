/** Which model explains pictures where nothing else is said: the one that was chosen last in this workspace, else the setting's. */
import * as vscode from 'vscode';
import { defaultModelId } from '../settings';
import { writeSetting } from '../settings/read-setting';

const key = 'chosenModel';

export class ChosenModel {
  constructor(
    /** Of the workspace. */
    private readonly memento: vscode.Memento,
    subscriptions: { dispose(): void }[],
  ) {
    subscriptions.push(
      // Whoever states a model in the settings means it.
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('vitExplainer.model')) void this.forget();
      }),
    );
  }

  /** @throws Failure `setting-invalid` */
  idFor(resource: vscode.Uri): string {
    return this.memento.get<string>(key) ?? defaultModelId(resource);
  }

  /** Whether the settings name this one, as far as they are right. */
  isSetting(modelId: string, resource: vscode.Uri): boolean {
    try {
      return defaultModelId(resource) === modelId;
    } catch {
      return false;
    }
  }

  /** For the pictures to come, in this workspace. */
  async choose(modelId: string): Promise<void> {
    await this.memento.update(key, modelId);
  }

  /** For all pictures: it becomes the setting. */
  async makeSetting(modelId: string, resource: vscode.Uri | undefined): Promise<void> {
    await writeSetting('model', modelId, resource);
    await this.forget();
  }

  private async forget(): Promise<void> {
    await this.memento.update(key, undefined);
  }
}
