import * as vscode from 'vscode';
import { archiveOf } from './picture';

/** Shows a picture's file, or the archive that it lies in, in the explorer; one that is not of the workspace, in that of the system. */
export async function revealPicture(picture: vscode.Uri): Promise<void> {
  const file = archiveOf(picture) ?? picture;
  const isInside = vscode.workspace.getWorkspaceFolder(file) !== undefined;
  await vscode.commands.executeCommand(isInside ? 'revealInExplorer' : 'revealFileInOS', file);
}
