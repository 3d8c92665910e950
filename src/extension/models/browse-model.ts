import * as vscode from 'vscode';
import { weightFilters } from '../../store/weight-endings';

/** A model file from anywhere on this machine, as a person picks it; its id, undefined where none was picked. */
export async function browseForModel(
  title: string,
  openLabel: string,
): Promise<string | undefined> {
  const [file] =
    (await vscode.window.showOpenDialog({
      title,
      openLabel,
      filters: { 'Vision Transformers': [...weightFilters] },
    })) ?? [];
  return file && `file:${file.fsPath}`;
}
