/** Which results of a run before still hold. */
import { createHash } from 'node:crypto';
import { readPicture } from '../dataset/read-picture';
import { mapAhead } from '../shared/map-ahead';

/** What a file holds of a picture. */
type Kept = { readonly ok: true; readonly sha256: string } | { readonly ok: false };

/** Files read at once. */
const atOnce = 16;

/** Each sample with the result that it has of a run before, if there is one. */
export type WithResult<Sample, Result> = readonly [sample: Sample, result: Result | undefined];

/**
 * A picture whose file is another one by now has to be answered anew, and one that could not be read
 * may be readable since.
 *
 * @param resultOf what a run before made of a sample
 * @returns the samples in their order; undefined in place of a result that does not hold
 */
export async function* keptResults<Result extends Kept, Sample extends { readonly path: string }>(
  samples: AsyncIterable<Sample> | Iterable<Sample>,
  resultOf: (sample: Sample) => Result | undefined,
): AsyncGenerator<WithResult<Sample, Result>, void> {
  yield* mapAhead(samples, atOnce, async (sample) => {
    const result = resultOf(sample);
    const holds = result?.ok === true && (await sha256Of(sample.path)) === result.sha256;
    return holds ? result : undefined;
  });
}

/** Undefined where the file cannot be read. */
async function sha256Of(file: string): Promise<string | undefined> {
  try {
    return createHash('sha256')
      .update(await readPicture(file))
      .digest('hex');
  } catch {
    return undefined;
  }
}
