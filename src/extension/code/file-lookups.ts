/** Whether files are there: not asked without end, and not file by file where a folder has told that they are not. */
import * as vscode from 'vscode';

export interface ImageFile {
  readonly uri: vscode.Uri;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly changed: number;
}

/** Questions to the file system for one document; one takes 0.2 ms on a disk, and far more on a remote one. */
const mostQuestions = 2000;
/** After so many misses in a folder its names are read, once. */
const fewMisses = 8;

export class FileLookups {
  private questions = 0;
  private readonly misses = new Map<string, number>();
  private readonly names = new Map<string, Promise<ReadonlySet<string> | undefined>>();

  constructor(private readonly isCancelled: () => boolean = () => false) {}

  /** Nothing more is found from here on. */
  get areOver(): boolean {
    return this.questions >= mostQuestions || this.isCancelled();
  }

  async fileAt(uri: vscode.Uri): Promise<ImageFile | undefined> {
    const folder = vscode.Uri.joinPath(uri, '..');
    const key = folder.toString();
    const misses = this.misses.get(key) ?? 0;
    if (misses >= fewMisses && (await this.isUnnamed(folder, uri))) return undefined;
    if (this.areOver) return undefined;
    this.questions += 1;
    try {
      const { type, size, mtime } = await vscode.workspace.fs.stat(uri);
      return (type & vscode.FileType.File) === 0 ? undefined : { uri, size, changed: mtime };
    } catch {
      this.misses.set(key, (this.misses.get(key) ?? 0) + 1);
      return undefined; // nothing there, or nothing that may be read
    }
  }

  async entriesOf(folder: vscode.Uri): Promise<readonly [string, vscode.FileType][]> {
    if (this.areOver) return [];
    this.questions += 1;
    try {
      return await vscode.workspace.fs.readDirectory(folder);
    } catch {
      return []; // not there, or not to be read: nothing in it fits
    }
  }

  private async isUnnamed(folder: vscode.Uri, file: vscode.Uri): Promise<boolean> {
    const key = folder.toString();
    let names = this.names.get(key);
    if (names === undefined) {
      if (this.areOver) return false;
      this.questions += 1;
      names = namesIn(folder);
      this.names.set(key, names);
    }
    const known = await names;
    return (
      known !== undefined && !known.has(alike(file.path.slice(file.path.lastIndexOf('/') + 1)))
    );
  }
}

/** Undefined where they may not be read, though a file may be. */
async function namesIn(folder: vscode.Uri): Promise<ReadonlySet<string> | undefined> {
  try {
    const entries = await vscode.workspace.fs.readDirectory(folder);
    return new Set(entries.map(([name]) => alike(name)));
  } catch (error) {
    const isMissing = error instanceof vscode.FileSystemError && error.code === 'FileNotFound';
    return isMissing ? new Set() : undefined;
  }
}

/** Names that are one to some file system are one here: whoever is named is asked for. */
function alike(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
