/** All files below a folder, also behind links. */
import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { byCodeUnits, type Skipped } from './sample';

/** What lies in a folder: a file (or a link to nothing), or a folder by its own place. */
interface Entry {
  readonly name: string;
  readonly folder: string | undefined;
}

/** Questions to the disk at a time. */
const atOnce = 256;

/**
 * Names from the folder, with forward slashes, in code-unit order, those of a folder at a time. Hidden
 * files and folders are left out, and so is what is neither file nor folder (reading a pipe would wait
 * for ever). Links to folders are followed, each target once, so that links in a circle end.
 *
 * @param skip takes what could not be looked into
 * @throws what the file system says when the folder itself cannot be read
 */
export async function* filesBelow(
  root: string,
  skip: (skipped: Skipped) => void,
): AsyncGenerator<readonly string[]> {
  const realRoot = await realpath(root);
  const followed = new Set([realRoot]);

  /** @param real the folder's own place, whatever links led to it */
  async function* within(folder: string, real: string): AsyncGenerator<readonly string[]> {
    const found = await readdir(path.join(root, folder), { withFileTypes: true });
    const shown = found.filter(({ name }) => !name.startsWith('.'));
    let names: string[] = [];
    for (const entry of await sorted(shown, folder, real)) {
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.folder === undefined) {
        names.push(name);
        continue;
      }
      yield names;
      names = [];
      const isLink = entry.folder !== path.join(real, entry.name);
      if (isLink && (isWithin(real, entry.folder) || followed.has(entry.folder))) {
        skip({ name, reason: 'A link to a folder that is taken in already.' });
        continue;
      }
      if (isLink) followed.add(entry.folder);
      try {
        yield* within(name, entry.folder);
      } catch (error) {
        skip({ name, reason: whyNotRead(error) });
      }
    }
    yield names;
  }

  /** In the order of their whole names: what is in a folder goes by the slash behind its name. */
  async function sorted(
    found: readonly Dirent[],
    folder: string,
    real: string,
  ): Promise<readonly Entry[]> {
    const entries: Entry[] = [];
    for (let from = 0; from < found.length; from += atOnce) {
      const some = found
        .slice(from, from + atOnce)
        .map(async (one) => (one.isSymbolicLink() ? behind(one.name, folder) : plain(one, real)));
      for (const entry of await Promise.all(some)) if (entry !== undefined) entries.push(entry);
    }
    const key = ({ name, folder }: Entry) => (folder === undefined ? name : `${name}/`);
    return entries.sort((a, b) => byCodeUnits(key(a), key(b)));
  }

  async function behind(name: string, folder: string): Promise<Entry | undefined> {
    const place = path.join(root, folder, name);
    try {
      const kind = await stat(place);
      if (kind.isDirectory()) return { name, folder: await realpath(place) };
      return kind.isFile() ? { name, folder: undefined } : undefined;
    } catch (error) {
      if (codeOf(error) !== 'ELOOP') return { name, folder: undefined };
      skip({
        name: folder === '' ? name : `${folder}/${name}`,
        reason: 'A link that leads to itself.',
      });
      return undefined;
    }
  }

  yield* within('', realRoot);
}

function plain(one: Dirent, real: string): Entry | undefined {
  if (one.isDirectory()) return { name: one.name, folder: path.join(real, one.name) };
  return one.isFile() ? { name: one.name, folder: undefined } : undefined;
}

function whyNotRead(error: unknown): string {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR'
    ? 'The folder was gone when its turn came.'
    : `The folder could not be read (${code}).`;
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error';
}

function isWithin(folder: string, other: string): boolean {
  return folder === other || folder.startsWith(other.endsWith(path.sep) ? other : other + path.sep);
}
