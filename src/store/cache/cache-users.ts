/**
 * Which processes work with a cache: each leaves a mark in the folder, so that none removes what
 * another one may open again. Prepared weights are read by path for as long as their model is open.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from '../../engine/files/make-folder';
import { processMark, readProcessMark } from '../../engine/files/process-mark';

const markFolder = 'in-use';
/** Clocks of files and of processes differ by a little. */
const clocksDiffer = 1000;

/** Marks of this process, by folder; undefined where none could be left. */
const held = new Map<string, string | undefined>();

/**
 * Marks this process as a user of the cache, until it ends. A folder that cannot be written to needs
 * no mark.
 *
 * @param since what was used before that is of no concern to this process; milliseconds since 1970
 */
export function holdCache(folder: string, since = Date.now()): void {
  if (held.has(folder)) return;
  const mark = path.join(folder, markFolder, processMark(since));
  held.set(folder, undefined);
  try {
    makeFolder(path.dirname(mark));
    writeFileSync(mark, '');
  } catch {
    return;
  }
  held.set(folder, mark);
  process.once('exit', () => {
    releaseCache(folder);
  });
}

/** Takes the mark of this process away before it ends. */
export function releaseCache(folder: string): void {
  const mark = held.get(folder);
  held.delete(folder);
  try {
    if (mark !== undefined) rmSync(mark, { force: true });
  } catch {
    // It counts no longer than this process lives.
  }
}

/**
 * Since when there have been users: what was used before that, nobody has open.
 * @returns milliseconds since 1970; infinity without any user
 */
export async function inUseSince(folder: string): Promise<number> {
  const marks = path.join(folder, markFolder);
  let earliest = Infinity;
  for (const name of await readdir(marks).catch(() => [])) {
    const mark = readProcessMark(name);
    if (mark === undefined) continue;
    if (mark.lives) earliest = Math.min(earliest, mark.since - clocksDiffer);
    else await rm(path.join(marks, name), { force: true }).catch(() => undefined);
  }
  return earliest;
}
