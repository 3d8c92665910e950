import path from 'node:path';
import { isImagePath } from '../../shared/picture-endings';
import { filesBelow } from '../files-below';
import { isTar } from '../../shared/tar-path';

/**
 * The tar archives below a folder that holds no picture, in the order of their names; undefined where it
 * holds pictures, or neither.
 */
export async function archivesBelow(root: string): Promise<readonly string[] | undefined> {
  const archives: string[] = [];
  try {
    for await (const names of filesBelow(root, () => undefined)) {
      if (names.some(isImagePath)) return undefined;
      archives.push(...names.filter(isTar));
    }
  } catch {
    // Told where its pictures are looked for.
    return undefined;
  }
  return archives.length === 0 ? undefined : archives.map((name) => path.join(root, name));
}
