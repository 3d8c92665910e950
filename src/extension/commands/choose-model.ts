/** The default model, picked from a list; the panel in front follows at once. */
import * as vscode from 'vscode';
import type { ModelManager } from '../models/model-manager';
import { pickModel } from '../models/pick-model';
import type { Panels } from '../panel/panels';
import { settingPlace, type SettingPlace } from '../settings/read-setting';

/** How long the status bar says where the choice was written. */
const saidMilliseconds = 8000;

export async function chooseModel(
  models: ModelManager,
  panels: Panels,
  prepare: (modelId: string) => void,
): Promise<void> {
  const front = panels.active;
  const picture = front?.picture;
  const where = placeInWords(settingPlace('model', picture), picture);
  const modelId = await pickModel(models, await models.listAll(), {
    title: 'Choose Model',
    placeHolder: `The model that ${where.concerned} explained with from now on (${where.settings})`,
    openLabel: 'Use This Model',
  });
  if (modelId === undefined) return;
  await models.chosen.makeSetting(modelId, picture);
  vscode.window.setStatusBarMessage(`The model is set in ${where.settings}.`, saidMilliseconds);
  if (front === undefined) prepare(modelId);
  else await front.useModel(modelId);
}

/** Which pictures a setting is for, and where it is written. */
function placeInWords(
  place: SettingPlace,
  picture: vscode.Uri | undefined,
): { readonly concerned: string; readonly settings: string } {
  switch (place) {
    case 'folder': {
      const folder = picture && vscode.workspace.getWorkspaceFolder(picture)?.name;
      const settings = `the settings of the folder “${folder ?? ''}”`;
      return { concerned: `pictures of “${folder ?? ''}” are`, settings };
    }
    case 'workspace':
      return { concerned: 'pictures of this workspace are', settings: 'the workspace settings' };
    case 'user':
      return { concerned: 'pictures are', settings: 'your user settings' };
  }
}
