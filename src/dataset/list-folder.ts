import { Failure } from '../shared/failure';
import { filesBelow } from './files-below';
import type { Listed, ListingSource } from './listing';
import { countByEnding, otherFilesSentence } from '../shared/other-files';
import { isImagePath, pictureEndings } from '../shared/picture-endings';
import { partsOfDataset } from './parts-of-dataset';
import { byCodeUnits, notAPicture, type Skipped } from './sample';
import { splitOf } from './split-of';
import { isTar } from '../shared/tar-path';

const listName = /(^|\/)(metadata|labels|annotations|train|val|test)\.(csv|tsv|jsonl)$|\.tar$/i;

/**
 * The pictures below a folder in the order of their names, also behind links to other folders. Three
 * forms are told apart by their names alone: `train/CLASS/…` beside `val/CLASS/…`, or one of them
 * alone; `CLASS/…`; pictures with no class folder at all. The class is the first folder below the root
 * (or below `train`, `val`); deeper folders are kept in the name.
 */
export function listFolder(root: string): ListingSource {
  const skipped: Skipped[] = [];
  const others: string[] = [];

  async function* samples(): AsyncGenerator<readonly Listed[]> {
    try {
      const hasParts = await partsOfDataset(root);
      for await (const names of filesBelow(root, (one) => skipped.push(one))) {
        const pictures: Listed[] = [];
        for (const name of names) {
          if (isImagePath(name)) pictures.push(listed(name, hasParts));
          else others.push(name);
        }
        yield pictures;
      }
    } catch (cause) {
      throw new Failure(
        'dataset-unusable',
        `The folder ${root} could not be read.`,
        'Check that it exists and that you may open it.',
        { cause },
      );
    }
  }

  return {
    root,
    folders: true,
    samples,
    skipped: () =>
      [...skipped, ...others.map((name) => ({ name, reason: notAPicture }))].sort((a, b) =>
        byCodeUnits(a.name, b.name),
      ),
    notices: () =>
      others
        .filter((name) => listName.test(name))
        .map(
          (name) =>
            `${name} is not looked into: choose it instead of the folder to take ${isTar(name) ? 'its pictures' : 'the labels from it'}.`,
        ),
    empty: () => {
      const besides = otherFilesSentence(countByEnding(others));
      return new Failure(
        'dataset-unusable',
        `There is no picture in ${root}${besides === undefined ? '' : `; ${besides.slice(0, -1)}`}.`,
        `Choose a folder with files that end in ${pictureEndings.join(', ')}, or with class folders that hold them.`,
      );
    },
  };
}

function listed(name: string, hasParts: boolean): Listed {
  const folders = name.split('/').slice(0, -1);
  const split = hasParts ? splitOf(folders[0]) : undefined;
  return { name, label: split === undefined ? folders[0] : folders[1], split };
}
