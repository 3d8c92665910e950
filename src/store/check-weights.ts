import path from 'node:path';
import { statRegular, NotRead } from '../engine/files/regular-file';
import { Failure } from '../shared/failure';
import { hasCode } from './json-file';
import { indexOfPart, isPart, isWeights, weightEndings } from './weight-endings';

/** @throws Failure `model-missing`, or `model-unreadable` for other files and those one may not read */
export async function checkWeights(file: string): Promise<void> {
  if (isPart(file)) {
    throw new Failure(
      'model-missing',
      `${path.basename(file)} is one of several parts of a model, and there is no ${path.basename(indexOfPart(file))} beside it.`,
      'Put the index and all parts into one folder, and name the index.',
    );
  }
  if (!isWeights(file)) {
    throw new Failure(
      'model-unreadable',
      `${path.basename(file)} is neither a known model nor a kind of file that can be explained.`,
      `Name a model of the list, or a file that ends in ${weightEndings.join(', ')}.`,
    );
  }
  try {
    await statRegular(file);
    return;
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR', 'EISDIR'].some((code) => hasCode(error, code))) {
      const isNoFile = error instanceof NotRead;
      throw new Failure(
        'model-unreadable',
        `The model ${file} cannot be read${isNoFile ? `: ${error.message}` : ''}.`,
        isNoFile
          ? 'Choose a file of weights.'
          : 'Check the permissions of the file and of its folder.',
        { cause: error },
      );
    }
  }
  throw new Failure(
    'model-missing',
    `There is no model at ${file}.`,
    'Check the path, or choose another model.',
  );
}
