import * as vscode from 'vscode';
import { namedPicture } from '../../shared/picture-names';

/** Where a person finds it: its folder in the workspace, and which version of the file it is. */
export function placeOf(uri: vscode.Uri): string {
  const { version } = namedPicture(uri.toString());
  // A version lies where the file does, under another scheme.
  const path = vscode.workspace.asRelativePath(version === undefined ? uri : uri.path);
  const folder = path.split('/').slice(0, -1).join('/');
  return [folder, version].filter((part) => part).join(' · ');
}
