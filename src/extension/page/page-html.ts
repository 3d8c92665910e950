/** What a page loads: no inline code or style, no network, one script by nonce. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** A script and a style sheet of `dist/`. */
export type PageName = 'panel' | 'gallery' | 'compare' | 'evaluation' | 'model';

/** @param first what is shown before the script has run */
export function pageHtml(
  webview: vscode.Webview,
  extensionUri: vscode.Uri,
  name: PageName,
  first = '',
): string {
  const nonce = newNonce();
  const asset = (file: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(distFolder(extensionUri), file)).toString();
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
    <link rel="stylesheet" href="${asset(`${name}.css`)}">
  </head>
  <body>
    <div id="root">${first}</div>
    <script nonce="${nonce}" src="${asset(`${name}.js`)}"></script>
  </body>
</html>`;
}

export function distFolder(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'dist');
}

/** @param isPreview pale, as editors tell files that they preview by the style of the name */
export function pageIcon(extensionUri: vscode.Uri, isPreview = false): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'media', isPreview ? 'icon-preview.svg' : 'icon.svg');
}

/** Lets one script of a page run. */
export function newNonce(): string {
  return randomBytes(16).toString('base64');
}
