import { stat } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../shared/failure';
import { listFolder } from './list-folder';
import { listManifest } from './list-manifest';
import type { SampleList } from './sample';

/**
 * The samples of a dataset: a folder, or a CSV, TSV or JSONL manifest.
 *
 * @throws Failure `dataset-unusable` with a sentence that says what was missing.
 */
export async function listSamples(source: string): Promise<SampleList> {
  const absolute = path.resolve(source);
  let isFolder: boolean;
  try {
    isFolder = (await stat(absolute)).isDirectory();
  } catch (cause) {
    throw new Failure(
      'dataset-unusable',
      `There is no folder or manifest at ${source}.`,
      'Give a folder of pictures, or a CSV or JSONL file that names them.',
      { cause },
    );
  }
  return isFolder ? listFolder(absolute) : listManifest(absolute);
}
