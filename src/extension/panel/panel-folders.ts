/** The folders that a panel may read. */
import * as vscode from 'vscode';

/** The folders that a panel may read: its own code, and the folder of its picture. */
export function panelRoots(extensionUri: vscode.Uri, picture: vscode.Uri): vscode.Uri[] {
  return [vscode.Uri.joinPath(extensionUri, 'dist'), vscode.Uri.joinPath(picture, '..')];
}

/** Lets a page read these folders; where it may read them already, it stays as it is. */
export function allowFolders(webview: vscode.Webview, folders: readonly vscode.Uri[]): void {
  const known = new Set(webview.options.localResourceRoots?.map(String));
  // Other roots load the page anew; fewer are no reason to.
  if (!folders.every((folder) => known.has(folder.toString())))
    webview.options = { enableScripts: true, localResourceRoots: folders };
}
