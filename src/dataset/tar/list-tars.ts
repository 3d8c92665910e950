/** Archives of samples as one dataset. */
import path from 'node:path';
import { describeFileError } from '../../engine/files/regular-file';
import { Failure } from '../../shared/failure';
import type { Listed, ListingSource } from '../listing';
import type { Skipped } from '../sample';
import { splitOf } from '../split-of';
import { tarSamples } from './tar-samples';

const samplesAtOnce = 500;
/** Faults that are told one by one. */
const mostTold = 1000;

/**
 * The samples of tar archives, one archive after another, in the order in which they lie there: a
 * sample is called by its archive and its picture, `train-0000.tar/key.jpg`.
 *
 * @param archives absolute paths, in their order
 * @param root the folder that the names are relative to
 */
export function listTars(archives: readonly string[], root: string): ListingSource {
  const skipped: Skipped[] = [];
  const skip = (one: Skipped): void => {
    if (skipped.length < mostTold) skipped.push(one);
  };

  async function* within(archive: string): AsyncGenerator<readonly Listed[]> {
    const place = path.relative(root, archive).split(path.sep).join('/');
    const split = splitIn(place);
    let some: Listed[] = [];
    const found = tarSamples(archive, ({ name, reason }) =>
      skip({ name: name === undefined ? place : `${place}/${name}`, reason }),
    );
    for await (const { name, label } of found) {
      some.push({ name: `${place}/${name}`, label, split });
      if (some.length < samplesAtOnce) continue;
      yield some;
      some = [];
    }
    yield some;
  }

  return {
    root,
    folders: false,
    // What `.cls` holds is the number of a class, wherever it is a number.
    numbersAre: 'numbers',
    samples: async function* () {
      for (const archive of archives) {
        try {
          yield* within(archive);
        } catch (error) {
          const name = path.relative(root, archive).split(path.sep).join('/');
          skip({ name, reason: `It could not be read: ${describeFileError(error)}.` });
        }
      }
    },
    repeated: (name) => {
      skip({ name, reason: 'In the archive more than once; the first counts.' });
    },
    skipped: () => skipped,
    notices: () => [],
    empty: () => {
      const reasons = skipped.slice(0, 3).map(({ name, reason }) => `${name}: ${reason}`);
      return new Failure(
        'dataset-unusable',
        ['There is no picture in the archives.', ...reasons].join(' '),
        'Give tar archives as WebDataset writes them: key.jpg with key.cls or key.json.',
      );
    },
  };
}

/** By the archive's name or a folder above it: `train-0000.tar`, `val/0000.tar`. */
function splitIn(place: string): Listed['split'] {
  const words = place.split('/').map((part) => /^[a-z]+/i.exec(part)?.[0]);
  return words.map(splitOf).find((split) => split !== undefined);
}
