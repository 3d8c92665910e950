/** What tells a model from every other one: the checksum of all that it computes with. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { EngineError } from '../engine-error';
import { describeFileError } from '../files/regular-file';
import { unreadable } from '../onnx/read-model';
import { sha256Of } from './file-hash';
import { isOnnx, modelFiles } from './model-files';
import { configFile } from '../intake/architecture/model-config';
import type { StatedArchitecture } from '../../shared/architecture';
import { checkJson } from '../../shared/parse-json';

/** They name classes, and decide nothing that is computed. */
const namesOfClasses: readonly string[] = [
  'id2label',
  'label2id',
  'label_names',
  'label_descriptions',
];

/**
 * SHA-256 of the file in hexadecimal where that alone decides what the model computes. Else that of
 * the list (JSON) of the SHA-256s of all its files: ONNX with external weights; a checkpoint in parts,
 * or with a configuration or a manifest that tells of its architecture.
 *
 * @param cacheFolder where the checksums of large files are remembered; undefined: in this process
 * @param stated what the manifest says of a checkpoint
 * @throws EngineError `model-unreadable` for a file that is not there, cannot be read or is being
 * written, and for an index that is none
 */
export async function identityOf(
  file: string,
  cacheFolder: string | undefined,
  stated: StatedArchitecture = {},
): Promise<string> {
  try {
    return await identified(file, cacheFolder, stated);
  } catch (error) {
    if (error instanceof EngineError) throw error;
    const { path: at = file } = error as NodeJS.ErrnoException;
    throw unreadable(path.basename(at), describeFileError(error), error);
  }
}

async function identified(
  file: string,
  cacheFolder: string | undefined,
  stated: StatedArchitecture,
): Promise<string> {
  const hashes: string[] = [];
  for (const one of await modelFiles(file)) hashes.push(await sha256Of(one, cacheFolder));
  const config = isOnnx(file) ? undefined : await architectureIn(path.dirname(file));
  if (config !== undefined) hashes.push(createHash('sha256').update(config).digest('hex'));
  if (!isOnnx(file) && Object.keys(stated).length > 0)
    hashes.push(createHash('sha256').update(JSON.stringify(stated)).digest('hex'));
  const [only = '', ...others] = hashes;
  return others.length === 0
    ? only
    : createHash('sha256').update(JSON.stringify(hashes)).digest('hex');
}

/** The configuration of a checkpoint without the names of its classes. */
async function architectureIn(folder: string): Promise<string | undefined> {
  const text = (await configFile(folder).catch(() => undefined))?.text;
  if (text === undefined) return undefined;
  try {
    checkJson(text);
    return JSON.stringify(
      JSON.parse(text, (key, value: unknown) => (namesOfClasses.includes(key) ? undefined : value)),
    );
  } catch {
    return text;
  }
}
