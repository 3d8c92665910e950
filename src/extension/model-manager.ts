/** The models as the extension offers them: the shipped one, and files of one's own. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { ModelDescription, ModelListing } from '../shared/model';
import { resolveModel, type ModelFolders } from '../store/resolve-model';
import { modelFolder } from './settings';

export class ModelManager {
  constructor(private readonly context: vscode.ExtensionContext) {}

  async list(): Promise<readonly ModelListing[]> {
    return Promise.resolve([
      {
        id: 'starter',
        name: 'Starter ViT',
        onDisk: true,
        bytes: undefined,
        licence: undefined,
        source: 'shipped',
      },
    ]);
  }

  /** @throws Failure `model-missing`, `model-unreadable` or `setting-invalid` */
  async resolve(
    modelId: string,
    _signal: AbortSignal,
    _onPhrase: (phrase: string) => void,
  ): Promise<ModelDescription> {
    return resolveModel(modelId, this.#folders());
  }

  #folders(): ModelFolders {
    const ownFolder = modelFolder();
    return {
      starterFolder: path.join(this.context.extensionPath, 'models', 'starter'),
      downloads: path.join(this.context.globalStorageUri.fsPath, 'models'),
      ...(ownFolder === undefined ? {} : { ownFolder }),
    };
  }
}
