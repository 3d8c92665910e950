import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { isImagePath } from '../shared/picture-endings';
import { filesBelow } from './files-below';
import { splitOf } from './split-of';

/**
 * Whether the first folders are the parts of a dataset: pictures for training beside others for
 * validation, or one part alone, which is told from a class of that name by the class folders in it.
 * Looks no further than the first picture of each folder.
 *
 * @throws what the file system says when the folder cannot be read
 */
export async function partsOfDataset(root: string): Promise<boolean> {
  const entries = await readdir(root);
  const named = entries.filter((name) => splitOf(name) !== undefined);
  if (named.length === 0) return false;
  const parts: string[] = [];
  for (const name of named) if (await holdsPicture(path.join(root, name))) parts.push(name);
  if (new Set(parts.map(splitOf)).size === 2) return true;
  const [only, ...others] = parts;
  if (only === undefined || others.length > 0 || entries.some(isImagePath)) return false;
  if ((await readdir(path.join(root, only))).some(isImagePath)) return false;
  for (const name of entries) {
    if (name !== only && !name.startsWith('.') && (await holdsPicture(path.join(root, name))))
      return false;
  }
  return true;
}

/** Not of what is no folder. */
async function holdsPicture(folder: string): Promise<boolean> {
  try {
    for await (const names of filesBelow(folder, () => undefined))
      if (names.some(isImagePath)) return true;
  } catch {
    return false;
  }
  return false;
}
