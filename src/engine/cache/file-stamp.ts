/** What the file system says of a file, to see whether it is still the one of before. */
import { stat } from 'node:fs/promises';
import type { BigIntStats } from 'node:fs';

/**
 * Changes with the file's content. The time of modification may be set back by whoever copies files,
 * the time of change and the number of the file may not.
 *
 * @throws what the file system says of a file that is not there
 */
export async function stampOf(file: string): Promise<string> {
  return stampFrom(await stat(file, { bigint: true }));
}

export function stampFrom({ ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [ino, size, mtimeNs, ctimeNs].join(' ');
}
