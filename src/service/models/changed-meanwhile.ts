import path from 'node:path';
import { Failure } from '../../shared/failure';

/** A model's files were replaced between two steps that take them for the same. */
export function changedMeanwhile(file: string): Failure {
  return new Failure(
    'model-unreadable',
    `${path.basename(file)}, or a file that belongs to it, was replaced while it was being used.`,
    'Ask again once the files are complete.',
  );
}
