/** The page that a panel loads: no inline code or style, no network, one script by nonce. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/**
 * @param extensionUri where `dist/` lies
 * @param page which script and style sheet of `dist/` it loads
 */
export function panelHtml(
  webview: vscode.Webview,
  extensionUri: vscode.Uri,
  page: 'panel' | 'gallery' = 'panel',
): string {
  const nonce = randomBytes(16).toString('base64');
  const asset = (name: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', name)).toString();
  const policy = [
    `default-src 'none'`,
    `img-src ${webview.cspSource} data: blob:`,
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>ViT Explainer</title>
    <link rel="stylesheet" href="${asset(`${page}.css`)}">
  </head>
  <body>
    <div id="root"></div>
    <script nonce="${nonce}" src="${asset(`${page}.js`)}"></script>
  </body>
</html>`;
}

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
