/** The manifest of a model in an editor, with what was assumed written out: nothing counts before it is saved. */
import * as vscode from 'vscode';
import type { Assumption } from '../../shared/assumption';
import type { ModelDescription } from '../../shared/model';
import { manifestPath } from '../../store/manifest';
import { draftManifest } from '../../store/manifest-draft';
import { isThere } from '../../store/probe-manifest';

/** Where a model's manifest is; a probe rests on that of its backbone. */
export function manifestOf({
  path,
  backbone,
}: Pick<ModelDescription, 'path' | 'backbone'>): string {
  return manifestPath(backbone?.path ?? path);
}

export async function openManifest(
  model: ModelDescription,
  assumed: readonly Assumption[],
): Promise<void> {
  const uri = vscode.Uri.file(manifestOf(model));
  const exists = await isThere(uri.fsPath);
  const document = await vscode.workspace.openTextDocument(
    exists ? uri : uri.with({ scheme: 'untitled' }),
  );
  const text = document.getText();
  const draft = draftManifest(text.trim() === '' ? undefined : text, model.preprocessing, assumed);
  if (draft !== text) {
    const edit = new vscode.WorkspaceEdit();
    const end = document.lineAt(document.lineCount - 1).range.end;
    edit.replace(document.uri, new vscode.Range(new vscode.Position(0, 0), end), draft);
    await vscode.workspace.applyEdit(edit);
  }
  await vscode.window.showTextDocument(document, vscode.ViewColumn.Beside);
}
