/** All files below a folder, also behind links. */
import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { byCodeUnits } from './sample';

export interface FilesBelow {
  /** Names from the folder, with forward slashes, in code-unit order. */
  readonly names: readonly string[];
  /** What could not be looked into, and why. */
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * Hidden files and folders are left out, and so is what is neither file nor folder (reading a pipe
 * would wait for ever). Links to folders are followed, each target once, so that links in a circle end.
 *
 * @throws what the file system says when the folder itself cannot be read
 */
export async function filesBelow(root: string): Promise<FilesBelow> {
  const names: string[] = [];
  const skipped: { name: string; reason: string }[] = [];
  const realRoot = await realpath(root);
  const followed = new Set([realRoot]);

  /** @param real the folder's own place, whatever links led to it */
  const enter = async (folder: string, real: string, entries: readonly Dirent[]): Promise<void> => {
    for (const entry of [...entries].sort((a, b) => byCodeUnits(a.name, b.name))) {
      if (entry.name.startsWith('.')) continue;
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isFile()) names.push(name);
      else if (entry.isDirectory()) await lookInto(name, path.join(real, entry.name));
      else if (entry.isSymbolicLink()) await follow(name, real);
    }
  };

  const follow = async (name: string, from: string): Promise<void> => {
    const place = path.join(root, name);
    const kind = await stat(place).catch(() => undefined);
    // A link to nothing is told when it is read, like any file that is gone.
    if (kind === undefined || kind.isFile()) names.push(name);
    if (kind?.isDirectory() !== true) return;
    const target = await realpath(place);
    if (isWithin(from, target) || followed.has(target)) {
      skipped.push({ name, reason: 'A link to a folder that is taken in already.' });
      return;
    }
    followed.add(target);
    await lookInto(name, target);
  };

  const lookInto = async (name: string, real: string): Promise<void> => {
    let entries;
    try {
      entries = await readdir(path.join(root, name), { withFileTypes: true });
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
      skipped.push({ name, reason: `The folder could not be read (${code}).` });
      return;
    }
    await enter(name, real, entries);
  };

  await enter('', realRoot, await readdir(root, { withFileTypes: true }));
  return { names: names.sort(byCodeUnits), skipped };
}

function isWithin(folder: string, other: string): boolean {
  return folder === other || folder.startsWith(other.endsWith(path.sep) ? other : other + path.sep);
}
