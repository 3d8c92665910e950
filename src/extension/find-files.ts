/** The pictures of a workspace, by the editor's search or, where a file system has none, by walking. */
import * as vscode from 'vscode';
import { imageGlob, isImagePath } from './image-formats';

const leftOut = new Set(['node_modules', '.git']);
/** Walking a file system that is far away takes its time: so many folders and no more. */
const mostFolders = 500;

/** At most `most` pictures, in no particular order. */
export async function findPictures(most: number): Promise<readonly vscode.Uri[]> {
  try {
    const found = await vscode.workspace.findFiles(imageGlob, '**/{node_modules,.git}/**', most);
    if (found.length > 0) return found;
  } catch {
    // No search here: e.g. the server has no search program.
  }
  const roots = vscode.workspace.workspaceFolders?.map(({ uri }) => uri) ?? [];
  return walk(roots, most);
}

async function walk(roots: readonly vscode.Uri[], most: number): Promise<readonly vscode.Uri[]> {
  const pictures: vscode.Uri[] = [];
  const folders = [...roots];
  for (let visited = 0; visited < mostFolders && pictures.length < most; visited += 1) {
    const folder = folders.shift();
    if (folder === undefined) break;
    for (const [name, type] of await entriesOf(folder)) {
      const uri = vscode.Uri.joinPath(folder, name);
      if (type === vscode.FileType.Directory && !leftOut.has(name)) folders.push(uri);
      else if (isImagePath(name)) pictures.push(uri);
    }
  }
  return pictures.slice(0, most);
}

async function entriesOf(folder: vscode.Uri): Promise<readonly [string, vscode.FileType][]> {
  try {
    return await vscode.workspace.fs.readDirectory(folder);
  } catch {
    return []; // a folder that may not be read holds nothing to offer
  }
}
