import * as vscode from 'vscode';
import { archiveOf } from './picture';

/**
 * What the file system says of a picture's file, followed through links: another text for another
 * version of it. Any file system answers this, also one that tells of no change.
 */
export async function stampOfPicture(uri: vscode.Uri): Promise<string> {
  try {
    const file = archiveOf(uri) ?? uri;
    const { type, size, mtime, ctime } = await vscode.workspace.fs.stat(file);
    return [type, size, mtime, ctime].join(' ');
  } catch {
    return 'not there';
  }
}
