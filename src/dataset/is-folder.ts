import { stat } from 'node:fs/promises';
import { Failure } from '../shared/failure';

/**
 * @param missing what to say where nothing is there
 * @throws Failure `dataset-unusable`
 */
export async function isFolder(
  source: string,
  missing: { readonly message: string; readonly nextStep: string },
): Promise<boolean> {
  try {
    return (await stat(source)).isDirectory();
  } catch (cause) {
    throw new Failure('dataset-unusable', missing.message, missing.nextStep, { cause });
  }
}
