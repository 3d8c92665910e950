/** Where the extension keeps what it need not compute again; all windows share it. */
import type * as vscode from 'vscode';
import path from 'node:path';
import type { CacheFolders } from '../../store/cache/cache-entries';

export function cacheFolders({
  globalStorageUri,
}: Pick<vscode.ExtensionContext, 'globalStorageUri'>): Required<CacheFolders> {
  return {
    work: path.join(globalStorageUri.fsPath, 'graphs'),
    thumbnails: path.join(globalStorageUri.fsPath, 'thumbnails'),
  };
}
