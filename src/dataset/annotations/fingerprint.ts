/** What tells one set of annotations from another, wherever its files lie. */
import { createHash } from 'node:crypto';
import { largest, readRegular } from '../../engine/files/regular-file';
import { byCodeUnits, type Sample } from '../sample';
import type { AnnotationFinder } from './find-annotations';

/**
 * SHA-256 over what is said of each picture: the boxes with their frame, the bytes of the masks.
 *
 * @param samples in any order
 * @returns undefined where no sample is annotated
 */
export async function annotationsFingerprint(
  samples: Iterable<Sample>,
  annotationOf: AnnotationFinder,
): Promise<string | undefined> {
  const annotated: (readonly [name: string, said: unknown])[] = [];
  for (const sample of samples) {
    const annotation = await annotationOf(sample);
    if (annotation === undefined) continue;
    const said = annotation.kind === 'boxes' ? annotation : await hashOf(annotation.path);
    annotated.push([sample.name, said]);
  }
  if (annotated.length === 0) return undefined;
  const all = createHash('sha256');
  for (const one of annotated.sort(([a], [b]) => byCodeUnits(a, b)))
    all.update(`${JSON.stringify(one)}\n`);
  return all.digest('hex');
}

/** A mask that cannot be read is told with its sample. */
async function hashOf(file: string): Promise<string> {
  try {
    return createHash('sha256')
      .update(await readRegular(file, largest.picture))
      .digest('hex');
  } catch {
    return '';
  }
}
