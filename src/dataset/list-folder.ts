import path from 'node:path';
import { Failure } from '../shared/failure';
import { filesBelow } from './files-below';
import { countByEnding, otherFilesSentence } from '../shared/other-files';
import { isImagePath, pictureEndings } from '../shared/picture-endings';
import { byCodeUnits, notAPicture, type Sample, type SampleList } from './sample';
import { splitOf } from './split-of';

/**
 * The pictures below a folder, also behind links to other folders. Three forms are told apart by their names alone:
 * `train/CLASS/…` beside `val/CLASS/…`, or one of them alone; `CLASS/…`; pictures with no class folder at all.
 * The class is the first folder below the root (or below `train`, `val`); deeper folders are kept in the name.
 *
 * @throws Failure `dataset-unusable` when the folder cannot be read or holds no picture.
 */
export async function listFolder(root: string): Promise<SampleList> {
  let below;
  try {
    below = await filesBelow(root);
  } catch (cause) {
    throw new Failure(
      'dataset-unusable',
      `The folder ${root} could not be read.`,
      'Check that it exists and that you may open it.',
      { cause },
    );
  }
  const names = below.names.filter(isImagePath);
  const others = below.names.filter((name) => !isImagePath(name));
  const skipped = [...below.skipped, ...others.map((name) => ({ name, reason: notAPicture }))];
  if (names.length === 0) {
    const besides = otherFilesSentence(countByEnding(others));
    throw new Failure(
      'dataset-unusable',
      `There is no picture in ${root}${besides === undefined ? '' : `; ${besides.slice(0, -1)}`}.`,
      `Choose a folder with files that end in ${pictureEndings.join(', ')}, or with class folders that hold them.`,
    );
  }
  skipped.sort((a, b) => byCodeUnits(a.name, b.name));

  const tops = new Set(names.filter((name) => name.includes('/')).map((name) => firstPart(name)));
  const splits = new Set([...tops].map(splitOf));
  // One part alone is told from a class of that name by the class folders in it.
  const onlyPart = tops.size === 1 && names.every((name) => name.split('/').length > 2);
  const hasSplits =
    (splits.has('train') && splits.has('val')) || (onlyPart && !splits.has(undefined));
  const samples = names.map((name): Sample => {
    const parts = name.split('/');
    const split = hasSplits ? splitOf(parts[0]) : undefined;
    const labelled = split === undefined ? parts : parts.slice(1);
    return {
      path: path.join(root, ...parts),
      name,
      label: labelled.length > 1 ? labelled[0] : undefined,
      split,
    };
  });
  const labelled = samples.some(({ label }) => label !== undefined);
  return {
    root,
    form: hasSplits
      ? 'train and val folders'
      : labelled
        ? 'class folders'
        : 'pictures without labels',
    samples,
    skipped,
    notices: others
      .filter((name) =>
        /(^|\/)(metadata|labels|annotations|train|val|test)\.(csv|tsv|jsonl)$/i.test(name),
      )
      .map(
        (name) =>
          `${name} is not looked into: choose it instead of the folder to take the labels from it.`,
      ),
  };
}

function firstPart(name: string): string {
  return name.slice(0, name.indexOf('/'));
}
