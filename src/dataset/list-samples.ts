import path from 'node:path';
import { isFolder } from './is-folder';
import { listFolder } from './list-folder';
import { listManifest } from './list-manifest';
import { Listing, wholeList, type ListingSource } from './listing';
import type { SampleList } from './sample';

/**
 * Where the samples of a dataset come from: a folder, or a CSV, TSV or JSONL manifest.
 *
 * @throws Failure `dataset-unusable` with a sentence that says what was missing.
 */
export async function sourceOf(source: string): Promise<ListingSource> {
  const absolute = path.resolve(source);
  const folder = await isFolder(absolute, {
    message: `There is no folder or manifest at ${source}.`,
    nextStep: 'Give a folder of pictures, or a CSV or JSONL file that names them.',
  });
  return folder ? listFolder(absolute) : listManifest(absolute);
}

/** All samples of a dataset at once. @throws Failure `dataset-unusable` */
export async function listSamples(source: string): Promise<SampleList> {
  return wholeList(await Listing.open(await sourceOf(source)));
}
