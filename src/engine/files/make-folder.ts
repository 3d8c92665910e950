/** Folders with all above them. Node's own way never comes back where a folder may not be made, as below /proc. */
import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';

/** @throws what the file system says */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (isFolder(folder)) return;
    const above = path.dirname(folder);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || above === folder) throw error;
    makeFolder(above);
    makeIn(folder);
  }
}

/** Another thread or process may be making the same folders: whoever comes second finds them. */
function makeIn(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (!isFolder(folder)) throw error;
  }
}

function isFolder(folder: string): boolean {
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
