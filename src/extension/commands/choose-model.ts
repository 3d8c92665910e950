/** The default model, picked from a list; the panel in front follows at once. */
import * as vscode from 'vscode';
import { browseForModel } from '../models/browse-model';
import type { ModelManager } from '../models/model-manager';
import { describeListing } from '../model-words';
import type { Panels } from '../panel/panels';

export async function chooseModel(models: ModelManager, panels: Panels): Promise<void> {
  const front = panels.active;
  const items = (await models.listAll()).map((listing) => ({
    label: listing.name,
    description: describeListing(listing),
    modelId: listing.id,
  }));
  const browse = { label: '$(folder-opened) A model file…', description: '', modelId: undefined };
  const picked = await vscode.window.showQuickPick<{
    label: string;
    description: string;
    modelId: string | undefined;
  }>([...items, browse], {
    title: 'Choose Model',
    placeHolder: 'The model that pictures are explained with from now on',
    matchOnDescription: true,
  });
  if (picked === undefined) return;
  const modelId = picked.modelId ?? (await browseForModel('Choose Model', 'Use This Model'));
  if (modelId === undefined) return;
  await models.chosen.makeSetting(modelId, front?.picture);
  await front?.useModel(modelId);
}
