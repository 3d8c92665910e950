/** Folders for what is needed for a while; what processes leave there that were killed is removed. */
import { lstat, mkdtemp, readdir, rm, statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { EngineError } from '../engine-error';
import { processMark, readProcessMark } from './process-mark';

const ours = /^vit-explainer-(.+)-[^-]{6}$/;

/**
 * Has something made in a folder of its own, which is gone again where that fails.
 * @param make is given the folder, and what removes it; where it succeeds, it sees to that
 * @param bytes that it writes, as far as that is known: what writes them may not say why it failed
 * @throws EngineError `cache-unwritable` where the folder for temporary files is full or cannot be
 * written; else what `make` throws
 */
export async function inTemporaryFolder<Made>(
  make: (folder: string, remove: () => Promise<void>) => Promise<Made>,
  bytes = 0,
): Promise<Made> {
  void sweepTemporaryFolders();
  let folder: string | undefined;
  const remove = async () => {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  };
  try {
    folder = await mkdtemp(path.join(os.tmpdir(), `vit-explainer-${processMark()}-`));
    return await make(folder, remove);
  } catch (error) {
    const fault = await faultOfFolder(folder, bytes, error);
    await remove();
    throw fault ?? error;
  }
}

/** Removes what processes left that are gone. */
export async function sweepTemporaryFolders(): Promise<void> {
  const all = os.tmpdir();
  for (const name of await readdir(all).catch(() => [])) {
    const mark = ours.exec(name)?.[1];
    if (mark === undefined || readProcessMark(mark)?.lives !== false) continue;
    const folder = path.join(all, name);
    const found = await lstat(folder).catch(() => undefined);
    // In a folder that all may write to, others may have made it, and turn it into a link meanwhile.
    if (!found?.isDirectory() || found.uid !== (process.getuid?.() ?? found.uid)) continue;
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** @returns undefined where the folder is not to blame */
async function faultOfFolder(
  folder: string | undefined,
  bytes: number,
  error: unknown,
): Promise<EngineError | undefined> {
  const all = os.tmpdir();
  const nextStep = 'Free some space there, or set TMPDIR to another folder.';
  const code = codeOf(error);
  const { bavail, bsize } = await statfs(all).catch(() => ({ bavail: Infinity, bsize: 1 }));
  if (code === 'ENOSPC' || code === 'EDQUOT' || bavail * bsize < bytes) {
    const needed =
      bytes > 0 ? `: preparing the model needs ${Math.ceil(bytes / 1e6)} MB there` : '';
    return new EngineError(
      'cache-unwritable',
      `The disk that holds the folder for temporary files, ${all}, is full${needed}.`,
      nextStep,
      { cause: error },
    );
  }
  if (folder !== undefined) return undefined;
  return new EngineError(
    'cache-unwritable',
    `The folder for temporary files, ${all}, cannot be written, and preparing the model needs it.`,
    nextStep,
    { cause: error },
  );
}

/** The file system's own word, also where an error of ours tells of it. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return 'syscall' in error && 'code' in error ? String(error.code) : codeOf(error.cause);
}
