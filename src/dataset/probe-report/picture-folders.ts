import path from 'node:path';
import { isImagePath } from '../../shared/picture-endings';
import type { ProbeReport } from '../../shared/probe';

/**
 * The folders that a page of the report may read: those of the pictures that it names below its own
 * root, and no others. A report may come from anyone: its root alone opens nothing, names that lead
 * out of it or are no pictures neither, and a whole disk never is one of them.
 *
 * @returns absolute paths; none where the root is no path of this system
 */
export function pictureFolders({ root, answers, mistakes }: ProbeReport): readonly string[] {
  if (!path.isAbsolute(root)) return [];
  const folders = [...answers, ...mistakes]
    .filter(({ name }) => isImagePath(name) && isBelow(root, name))
    .map(({ name }) => path.dirname(path.join(root, name)));
  return [...new Set(folders)].filter((folder) => path.dirname(folder) !== folder);
}

function isBelow(root: string, name: string): boolean {
  const within = path.relative(root, path.resolve(root, name));
  return !path.isAbsolute(within) && within.split(path.sep)[0] !== '..' && !path.isAbsolute(name);
}
