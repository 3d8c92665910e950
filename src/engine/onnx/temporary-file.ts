/** Files that ONNX Runtime's optimiser writes into the folder for temporary files. */
import { randomUUID } from 'node:crypto';
import { access, constants, readdir, rm, stat, statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { EngineError } from '../engine-error';

const ours = /^vit-explainer-[0-9a-f]{8}-[0-9a-f-]{27}\.onnx$/;
/** Preparing takes seconds; a process that was killed leaves its file for ever. */
const leftAfterMs = 3600_000;

export function temporaryModel(): string {
  return path.join(os.tmpdir(), `vit-explainer-${randomUUID()}.onnx`);
}

/** Removes what killed processes left. */
export async function sweepTemporaryModels(): Promise<void> {
  const folder = os.tmpdir();
  for (const name of await readdir(folder).catch(() => [])) {
    if (!ours.test(name)) continue;
    const file = path.join(folder, name);
    const known = await stat(file).catch(() => undefined);
    if (known !== undefined && Date.now() - known.mtimeMs > leftAfterMs)
      await rm(file, { force: true }).catch(() => undefined);
  }
}

/**
 * What hinders a file of this many bytes there, if anything: ONNX Runtime does not say it.
 * @returns undefined where the folder is not to blame
 */
export async function temporaryFolderFault(bytes: number): Promise<EngineError | undefined> {
  const folder = os.tmpdir();
  const nextStep = 'Free some space there, or set TMPDIR to another folder.';
  try {
    await access(folder, constants.W_OK);
    const { bavail, bsize } = await statfs(folder);
    if (bavail * bsize >= bytes) return undefined;
    return new EngineError(
      'cache-unwritable',
      `The disk that holds the folder for temporary files, ${folder}, is full: preparing the model needs ${Math.ceil(bytes / 1e6)} MB there.`,
      nextStep,
    );
  } catch (cause) {
    return new EngineError(
      'cache-unwritable',
      `The folder for temporary files, ${folder}, cannot be written, and preparing the model needs it.`,
      nextStep,
      { cause },
    );
  }
}
