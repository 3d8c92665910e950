import path from 'node:path';
import { Failure } from '../shared/failure';
import { isFolder } from './is-folder';
import { sourceOf } from './list-samples';
import { Listing, wholeList, type ListingSource } from './listing';
import { isImagePath } from '../shared/picture-endings';
import { isFile } from './place-of';
import { byCodeUnits, type Sample, type Skipped } from './sample';
import { sharedFolder } from './shared-folder';
import { listTars } from './tar/list-tars';
import { isTar } from '../shared/tar-path';

/** What one of several sources brings; names are given later, from the folder that all share. */
interface Found {
  readonly samples: readonly Omit<Sample, 'name'>[];
  /** By absolute path. */
  readonly skipped: readonly Skipped[];
  readonly notices: readonly string[];
}

/** In lower case, without the dot. */
export const manifestExtensions: readonly string[] = ['csv', 'tsv', 'jsonl', 'ndjson'];

/** Whether a file name ends like a manifest. */
export function isManifest(fileName: string): boolean {
  return manifestExtensions.some((extension) => fileName.toLowerCase().endsWith(`.${extension}`));
}

/**
 * The samples of whatever was chosen together: folders, manifests and pictures in any mixture.
 *
 * One folder or manifest is read as it is (`sourceOf`), and goes on being read while its samples are
 * worked on. Several things are read whole. Their names
 * begin at the folder that all of them share, and the labels are those that a right click on that
 * folder would give: a folder with pictures of its own is a class folder; one that holds only
 * folders is a dataset of class folders; a manifest has its column; single pictures that lie in
 * several folders carry the names of those. What is chosen twice counts once, with its label, that
 * of a manifest before that of a folder. Neither the order of the sources nor the place of the folder
 * that they share makes a difference.
 *
 * @throws Failure `dataset-unusable` when there is no picture in any of them
 */
export async function listSources(sources: readonly string[]): Promise<Listing> {
  const chosen = [...new Set(sources.map((source) => path.resolve(source)))].sort(
    // A label that somebody wrote down says more than the name of a folder, so it is found first.
    (a, b) => Number(isManifest(b)) - Number(isManifest(a)) || byCodeUnits(a, b),
  );
  // As it was written: that is how errors are to name it.
  const [only] = sources;
  const isAlone = only !== undefined && chosen.length === 1 && !(await isOnePicture(only));
  return Listing.open(isAlone ? await sourceOf(only) : await several(chosen));
}

/** Shards of one dataset, which a shell names one by one, are read as their pattern would be. */
async function several(chosen: readonly string[]): Promise<ListingSource> {
  if (!chosen.every(isTar)) return together(chosen);
  for (const one of chosen) if (!(await isFile(one))) return together(chosen);
  return listTars(chosen, sharedFolder(chosen));
}

async function together(chosen: readonly string[]): Promise<ListingSource> {
  const found: Found[] = [];
  const pictures: string[] = [];
  const unusable: Skipped[] = [];
  const failures: Failure[] = [];
  for (const source of chosen) {
    try {
      if (await isOnePicture(source)) pictures.push(source);
      else found.push(await within(source));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failures.push(error);
      unusable.push({ name: source, reason: error.message });
    }
  }
  found.push(alone(pictures));
  const samples = once(found.flatMap((one) => one.samples));
  if (samples.length === 0) throw nothing(failures);

  const inside = found
    .flatMap((one) => one.skipped)
    .sort((a, b) => byCodeUnits(a.name, b.name) || byCodeUnits(a.reason, b.reason));
  const root = sharedFolder([...chosen, ...samples.map((sample) => sample.path)]);
  const nameOf = (file: string): string => path.relative(root, file).split(path.sep).join('/');
  const named = samples
    .map(({ path: file, ...sample }) => ({ ...sample, name: nameOf(file) }))
    .sort((a, b) => byCodeUnits(a.name, b.name));
  const skipped = toldOnce([...unusable, ...inside]).map(
    // A reason may hold the path, which differs from one machine to the next.
    ({ name, reason }) => ({ name: nameOf(name), reason: reason.replaceAll(name, nameOf(name)) }),
  );
  const notices = [...new Set(found.flatMap((one) => one.notices))];
  return {
    root,
    folders: true,
    samples: () => [named],
    skipped: () => skipped,
    notices: () => notices,
    empty: () => nothing(failures),
  };
}

/**
 * By its name; a folder may have such a name too.
 *
 * @throws Failure `dataset-unusable` when there is none of this name
 */
async function isOnePicture(source: string): Promise<boolean> {
  if (!isImagePath(source)) return false;
  return !(await isFolder(source, {
    message: `There is no picture at ${source}.`,
    nextStep: 'Check the path, and that you may read it.',
  }));
}

async function within(source: string): Promise<Found> {
  if (!isManifest(source) && !isTar(source) && (await isFile(source))) throw notOurs(source);
  const listed = await sourceOf(source);
  const { root, samples, skipped, notices } = await wholeList(await Listing.open(listed));
  const isClass = listed.folders && samples.some(({ name }) => !name.includes('/'));
  return {
    samples: samples.map(({ path: file, label, split }) => ({
      path: file,
      label: isClass ? path.basename(root) : label,
      split,
    })),
    skipped: skipped.map(({ name, reason }) => ({ name: path.join(root, name), reason })),
    notices,
  };
}

/** Pictures of one folder were picked among its others: its name says nothing of them. */
function alone(pictures: readonly string[]): Found {
  const shared = pictures.length === 0 ? '' : sharedFolder(pictures);
  return {
    samples: pictures.map((picture) => {
      const folder = path.dirname(picture);
      const named = folder !== shared;
      return { path: picture, label: named ? path.basename(folder) : undefined, split: undefined };
    }),
    skipped: [],
    notices: [],
  };
}

/** The first of each file, with a label where any of its kind has one. */
function once(samples: Found['samples']): Found['samples'] {
  const byPath = new Map<string, Found['samples'][number]>();
  for (const sample of samples) {
    const known = byPath.get(sample.path);
    if (known?.label === undefined) byPath.set(sample.path, sample);
  }
  return [...byPath.values()];
}

/** What two sources pass over for the same reason. */
function toldOnce(skipped: readonly Skipped[]): readonly Skipped[] {
  return [...new Map(skipped.map((one) => [JSON.stringify(one), one])).values()];
}

function notOurs(source: string): Failure {
  return new Failure(
    'dataset-unusable',
    `${path.basename(source)} is no picture, no folder, and no CSV, TSV or JSONL file that names pictures.`,
    'Choose pictures, a folder that holds some, or a CSV or JSONL file that names them.',
  );
}

function nothing([first, ...others]: readonly Failure[]): Failure {
  if (first !== undefined && others.length === 0) return first;
  const reasons = first === undefined ? [] : [first, ...others].map(({ message }) => message);
  return new Failure(
    'dataset-unusable',
    ['There is no picture in what was chosen.', ...reasons].join(' '),
    'Choose pictures, a folder that holds some, or a CSV or JSONL file that names them.',
  );
}
