/** What tells one set of annotations from another, wherever its files lie. */
import { createHash } from 'node:crypto';
import { largest, readRegular } from '../../engine/files/regular-file';
import type { BatchSample } from '../../shared/protocol/dataset';

/**
 * SHA-256 over what is said of each picture: the boxes with their frame, the bytes of the masks.
 *
 * @param samples in the order of their names
 * @returns undefined where no sample is annotated
 */
export async function annotationsFingerprint(
  samples: readonly BatchSample[],
): Promise<string | undefined> {
  const all = createHash('sha256');
  let some = false;
  for (const { name, annotation } of samples) {
    if (annotation === undefined) continue;
    some = true;
    const said = annotation.kind === 'boxes' ? annotation : await hashOf(annotation.path);
    all.update(`${JSON.stringify([name, said])}\n`);
  }
  return some ? all.digest('hex') : undefined;
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
