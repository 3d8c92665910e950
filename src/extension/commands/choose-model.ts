/** The default model, picked from a list; the panel in front follows at once. */
import * as vscode from 'vscode';
import type { ModelManager } from '../models/model-manager';
import { describeListing } from '../model-words';
import type { Panels } from '../panel/panels';
import { writeSetting } from '../settings/read-setting';
import { weightFilters } from '../../store/weight-endings';

export async function chooseModel(
  models: ModelManager,
  panels: Panels,
  prepare: (modelId: string) => void,
): Promise<void> {
  const front = panels.active;
  const items = (await models.list()).map((listing) => ({
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
  const modelId = picked.modelId ?? (await browseForModel());
  if (modelId === undefined) return;
  await writeSetting('model', modelId, front?.picture);
  if (front === undefined) prepare(modelId);
  else await front.useModel(modelId);
}

async function browseForModel(): Promise<string | undefined> {
  const picked = await vscode.window.showOpenDialog({
    title: 'Choose Model',
    openLabel: 'Use This Model',
    filters: { 'Vision Transformers': [...weightFilters] },
  });
  return picked?.[0] === undefined ? undefined : `file:${picked[0].fsPath}`;
}
