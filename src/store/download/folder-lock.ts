/** Keeps two windows, or a window and the command line, from writing one download at once. */
// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- to write
import { open, rm } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from '../../engine/files/make-folder';
import { largest, readRegularText } from '../../engine/files/regular-file';
import { Failure } from '../../shared/failure';
import { hasCode } from '../json-file';

/**
 * Runs `work` while this process alone holds the folder; a lock left by a process that is gone is
 * taken over.
 * @throws Failure `download-failed` while another process holds it
 */
export async function withFolderLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  makeFolder(folder);
  const lock = path.join(folder, '.lock');
  if (!(await take(lock))) {
    if (await isHeld(lock)) {
      throw new Failure(
        'download-failed',
        'This model is being downloaded already, by another window or the command line.',
        'Wait for that download, or cancel it there.',
      );
    }
    await rm(lock, { force: true });
    await take(lock);
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function take(lock: string): Promise<boolean> {
  try {
    const file = await open(lock, 'wx');
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

async function isHeld(lock: string): Promise<boolean> {
  const pid = Number(await readRegularText(lock, largest.besideModel).catch(() => ''));
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // The process exists but belongs to someone else.
    return hasCode(error, 'EPERM');
  }
}
