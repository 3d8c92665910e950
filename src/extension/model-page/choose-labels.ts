/** A file with the names of a model's classes, chosen by the person. */
import path from 'node:path';
import * as vscode from 'vscode';
import { readLabelFile } from '../../store/labels';

/**
 * @returns what the manifest is to state: the file's name where it lies beside the model, else the
 *   names themselves, since the manifest goes with the model; undefined when the person changed their mind
 * @throws Failure `model-unreadable` for a file of no known form
 */
export async function chooseLabels(
  modelFile: string,
): Promise<string | readonly string[] | undefined> {
  const folder = path.dirname(modelFile);
  const [uri] =
    (await vscode.window.showOpenDialog({
      title: 'Class Names',
      openLabel: 'Use These Names',
      defaultUri: vscode.Uri.file(folder),
      filters: { 'Class names': ['json', 'txt'] },
    })) ?? [];
  if (uri === undefined) return undefined;
  const names = await readLabelFile(uri.fsPath);
  return path.dirname(uri.fsPath) === folder ? path.basename(uri.fsPath) : names;
}
