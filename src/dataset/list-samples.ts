import path from 'node:path';
import { Failure } from '../shared/failure';
import { isFolder } from './is-folder';
import { listFolder } from './list-folder';
import { listManifest } from './list-manifest';
import { Listing, wholeList, type ListingSource } from './listing';
import type { SampleList } from './sample';
import { sharedFolder } from './shared-folder';
import { archivesBelow } from './tar/archives-below';
import { listTars } from './tar/list-tars';
import { archivesOf } from './tar/archives-of';
import { isCompressedTar, isTar } from '../shared/tar-path';

/**
 * Where the samples of a dataset come from: a folder of pictures or of tar archives, a CSV, TSV or JSONL
 * manifest, or a tar archive or several by a pattern.
 *
 * @throws Failure `dataset-unusable` with a sentence that says what was missing.
 */
export async function sourceOf(source: string): Promise<ListingSource> {
  const absolute = path.resolve(source);
  if (isTar(source) && archivesOf(absolute).length > 1)
    return listTars(archivesOf(absolute), sharedFolder(archivesOf(absolute)));
  const folder = await isFolder(absolute, {
    message: `There is no folder, manifest or archive at ${source}.`,
    nextStep:
      'Give a folder of pictures, a CSV or JSONL file that names them, or tar archives that hold them.',
  });
  if (!folder && isTar(source)) return listTars([absolute], path.dirname(absolute));
  if (!folder && isCompressedTar(source)) throw compressed(source);
  if (!folder) return listManifest(absolute);
  const archives = await archivesBelow(absolute);
  return archives === undefined ? listFolder(absolute) : listTars(archives, absolute);
}

/** All samples of a dataset at once. @throws Failure `dataset-unusable` */
export async function listSamples(source: string): Promise<SampleList> {
  return wholeList(await Listing.open(await sourceOf(source)));
}

function compressed(source: string): Failure {
  return new Failure(
    'dataset-unusable',
    `${path.basename(source)} is compressed, so that no picture in it can be read in place.`,
    'Unpack it with gunzip (or what else it was compressed with) to a .tar, or into a folder.',
  );
}
