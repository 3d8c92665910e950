/** The files of a workspace by their endings or names: by the editor's search or, where a file system has none, by walking. */
import * as vscode from 'vscode';

const leftOut = new Set(['node_modules', '.git']);
/** Walking a file system that is far away takes its time: so many folders and no more. */
const mostFolders = 500;

/**
 * At most `most` files, in no particular order.
 *
 * @param extensions in lower case, without the dot; files with others in upper case are found as well
 */
export function findFiles(
  extensions: readonly string[],
  most: number,
): Promise<readonly vscode.Uri[]> {
  const glob = `**/*.{${extensions.map(inEitherCase).join(',')}}`;
  const fits = new RegExp(`\\.(?:${extensions.join('|')})$`, 'i');
  return find(glob, (name) => fits.test(name), most);
}

/** At most `most` files of this name. */
export function findNamesakes(name: string, most: number): Promise<readonly vscode.Uri[]> {
  const literal = name.replace(/[[\]{}*?]/g, (letter) => `[${letter}]`);
  return find(`**/${literal}`, (other) => other === name, most);
}

async function find(
  glob: string,
  fits: (name: string) => boolean,
  most: number,
): Promise<readonly vscode.Uri[]> {
  const folders = vscode.workspace.workspaceFolders?.map(({ uri }) => uri) ?? [];
  if (folders.length === 0) return [];
  try {
    const found = await vscode.workspace.findFiles(glob, '**/{node_modules,.git}/**', most);
    // The search knows the disk; of other file systems it may see nothing.
    const isKnown = folders.every(({ scheme }) => scheme === 'file');
    if (found.length > 0 || isKnown) return found;
  } catch {
    // No search here: e.g. the server has no search program.
  }
  return walk(folders, fits, most);
}

function inEitherCase(extension: string): string {
  return extension.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

async function walk(
  roots: readonly vscode.Uri[],
  fits: (name: string) => boolean,
  most: number,
): Promise<readonly vscode.Uri[]> {
  const files: vscode.Uri[] = [];
  const folders = [...roots];
  for (let visited = 0; visited < mostFolders && files.length < most; visited += 1) {
    const folder = folders.shift();
    if (folder === undefined) break;
    for (const [name, type] of await entriesOf(folder)) {
      const uri = vscode.Uri.joinPath(folder, name);
      if (type === vscode.FileType.Directory && !leftOut.has(name)) folders.push(uri);
      else if (fits(name)) files.push(uri);
    }
  }
  return files.slice(0, most);
}

async function entriesOf(folder: vscode.Uri): Promise<readonly [string, vscode.FileType][]> {
  try {
    return await vscode.workspace.fs.readDirectory(folder);
  } catch {
    return []; // a folder that may not be read holds nothing to offer
  }
}
