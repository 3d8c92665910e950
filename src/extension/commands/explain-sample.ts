/** The walkthrough's first step: a photograph that ships with the extension. */
import * as vscode from 'vscode';
import { Failure } from '../../shared/failure';
import { isImagePath } from '../../shared/picture-endings';
import type { Panels } from '../panel/panels';

export async function explainSample(extensionUri: vscode.Uri, panels: Panels): Promise<void> {
  const folder = vscode.Uri.joinPath(extensionUri, 'media', 'samples');
  const entries = await vscode.workspace.fs.readDirectory(folder);
  const items = entries
    .filter(([name, type]) => type === vscode.FileType.File && isImagePath(name))
    .map(([name]) => ({ label: name, uri: vscode.Uri.joinPath(folder, name) }));
  if (items.length === 0) {
    throw new Failure(
      'internal',
      'The sample photographs are missing from this installation.',
      'Install the extension again, or right-click a picture of your own.',
    );
  }
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Explain a Sample Photograph',
    placeHolder: 'A photograph that ships with ViT Explainer',
  });
  if (picked !== undefined) panels.open(picked.uri);
}
