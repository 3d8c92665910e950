import * as vscode from 'vscode';

/**
 * Tells when a page comes into sight, when it is asked for anything, and when the person returns to
 * the window from another program: what it shows of files may be old by then.
 */
export function whenLookedAt(panel: vscode.WebviewPanel, look: () => void): vscode.Disposable {
  const lookIfVisible = (): void => {
    if (panel.visible) look();
  };
  return vscode.Disposable.from(
    panel.onDidChangeViewState(lookIfVisible),
    panel.webview.onDidReceiveMessage(look),
    vscode.window.onDidChangeWindowState(lookIfVisible),
  );
}
