import path from 'node:path';
import { Failure } from '../shared/failure';
import { byCodeUnits, isPicture, type SampleList } from './sample';

/**
 * Pictures that were picked one by one, without labels; their names begin at the folder they share.
 *
 * @throws Failure `dataset-unusable` when there is no picture among them
 */
export function listPictures(files: readonly string[]): SampleList {
  const pictures = [...new Set(files.filter(isPicture))].sort(byCodeUnits);
  const root = sharedFolder(pictures);
  if (root === undefined) {
    throw new Failure(
      'dataset-unusable',
      'There is no picture among the chosen files.',
      'Choose pictures, a folder that holds some, or a CSV or JSONL file that names them.',
    );
  }
  return {
    root,
    form: 'pictures without labels',
    samples: pictures.map((file) => ({
      path: file,
      name: path.relative(root, file).split(path.sep).join('/'),
      label: undefined,
      split: undefined,
    })),
    skipped: [],
  };
}

function sharedFolder([first, ...others]: readonly string[]): string | undefined {
  if (first === undefined) return undefined;
  let folder = path.dirname(first);
  while (!others.every((file) => file.startsWith(withSeparator(folder)))) {
    folder = path.dirname(folder);
  }
  return folder;
}

function withSeparator(folder: string): string {
  return folder.endsWith(path.sep) ? folder : folder + path.sep;
}
