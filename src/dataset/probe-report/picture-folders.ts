import path, { type PlatformPath } from 'node:path';
import { inside } from '../../engine/files/inside';
import { isImagePath } from '../../shared/picture-endings';
import type { ProbeReport } from '../../shared/probe';

/**
 * The folders that a page of the report may read: those of the pictures that it names below its own
 * root, and no others. A report may come from anyone: its root alone opens nothing, names that lead
 * out of it or are no pictures neither, and a whole disk never is one of them.
 *
 * @returns absolute paths; none where the root is no path of this system
 */
export function pictureFolders(
  { root, answers, mistakes }: Pick<ProbeReport, 'root' | 'answers' | 'mistakes'>,
  flavour: PlatformPath = path,
): readonly string[] {
  if (!flavour.isAbsolute(root)) return [];
  const folders = [...answers, ...mistakes]
    .filter(({ name }) => isImagePath(name) && isBelow(root, name, flavour))
    .map(({ name }) => flavour.dirname(flavour.join(root, name)));
  return [...new Set(folders)].filter((folder) => flavour.dirname(folder) !== folder);
}

function isBelow(root: string, name: string, flavour: PlatformPath): boolean {
  return (
    !flavour.isAbsolute(name) && inside(root, flavour.resolve(root, name), flavour) !== undefined
  );
}
