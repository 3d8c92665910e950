import type * as vscode from 'vscode';

/**
 * Where a file is once files and folders were renamed or moved in the editor.
 * @returns undefined where it is what it was
 */
export function movedTo(
  file: vscode.Uri,
  { files }: Pick<vscode.FileRenameEvent, 'files'>,
): vscode.Uri | undefined {
  for (const { oldUri, newUri } of files) {
    const isIn = file.path === oldUri.path || file.path.startsWith(`${oldUri.path}/`);
    if (isIn && file.scheme === oldUri.scheme && file.authority === oldUri.authority)
      return newUri.with({ path: newUri.path + file.path.slice(oldUri.path.length) });
  }
  return undefined;
}
