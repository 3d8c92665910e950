/** Reading the small JSON files that stand beside a model. */
import path from 'node:path';
import { largest, NotRead, readRegular } from '../engine/files/regular-file';
import { decodeText } from '../shared/decode-text';
import { Failure } from '../shared/failure';
import { parseJson } from '../shared/parse-json';

/** The parsed file, or undefined where there is none. @throws Failure `model-unreadable` for broken JSON */
export async function readJson(file: string): Promise<unknown> {
  const text = await readTextIfThere(file);
  if (text === undefined) return undefined;
  try {
    return parseJson(text);
  } catch (error) {
    throw new Failure(
      'model-unreadable',
      `${path.basename(file)} beside the model is not valid JSON.`,
      `Correct or remove ${file}.`,
      { cause: error },
    );
  }
}

/** The file's text, or undefined where there is none. */
export async function readTextIfThere(file: string): Promise<string | undefined> {
  try {
    return decodeText(await readRegular(file, largest.besideModel));
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return undefined;
    const why = error instanceof NotRead ? `: ${error.message}` : '';
    throw new Failure(
      'model-unreadable',
      `${path.basename(file)} beside the model cannot be read${why}.`,
      `Check the permissions of ${file}.`,
      { cause: error },
    );
  }
}

/** Whether a thrown value is a system error of this code, e.g. `ENOENT`. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
