/** Cached files go by their last use, and a file's time of modification is what tells it. */
import { utimes } from 'node:fs/promises';

/**
 * Notes that these files are used now; to be called before they are read. A file that is not there,
 * or that belongs to someone else, is passed over.
 */
export async function markUsed(...files: readonly string[]): Promise<void> {
  const now = new Date();
  await Promise.all(files.map((file) => utimes(file, now, now).catch(() => undefined)));
}
