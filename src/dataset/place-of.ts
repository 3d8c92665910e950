import { stat } from 'node:fs/promises';
import { placeInTar } from '../shared/tar-path';

/**
 * A file as it is called on the disk, where accents may be put together otherwise; undefined where it is
 * none. What an archive holds is not looked at.
 */
export async function placeOf(file: string): Promise<string | undefined> {
  for (const spelt of new Set([file, file.normalize('NFC'), file.normalize('NFD')]))
    if (await isFile(placeInTar(spelt)?.archive ?? spelt)) return spelt;
  return undefined;
}

export async function isFile(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
