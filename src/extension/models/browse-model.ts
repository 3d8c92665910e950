import * as vscode from 'vscode';
import type { ModelFolders } from '../../store/model-folders';
import { modelIdOf } from '../../store/model-id';
import { weightFilters } from '../../store/weight-endings';

/** A model file from anywhere on this machine, as a person picks it; undefined where none was picked. */
export async function browseForModelFile(
  title: string,
  openLabel: string,
): Promise<vscode.Uri | undefined> {
  const [file] =
    (await vscode.window.showOpenDialog({
      title,
      openLabel,
      filters: { 'Vision Transformers': [...weightFilters] },
    })) ?? [];
  return file;
}

/** Its id. */
export async function browseForModel(
  folders: ModelFolders,
  title: string,
  openLabel: string,
): Promise<string | undefined> {
  const file = await browseForModelFile(title, openLabel);
  return file && modelIdOf(file.fsPath, folders);
}
