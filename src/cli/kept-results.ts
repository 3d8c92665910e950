/** Which results of a run before still hold. */
import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { streamRegular } from '../engine/files/regular-file';

/** What a file holds of a picture. */
type Kept = { readonly ok: true; readonly sha256: string } | { readonly ok: false };

/** Files read at once. */
const atOnce = 16;

/**
 * A picture whose file is another one by now has to be answered anew, and one that could not be read
 * may be readable since.
 *
 * @param results of the first of the samples, in their order
 * @returns in the same order; undefined in place of a result that no longer holds
 */
export async function keptResults<Result extends Kept>(
  results: readonly Result[],
  samples: readonly { readonly path: string }[],
): Promise<readonly (Result | undefined)[]> {
  const kept: (Result | undefined)[] = [];
  for (let from = 0; from < results.length; from += atOnce) {
    const some = results.slice(from, from + atOnce).map(async (result, index) => {
      const file = samples[from + index]?.path;
      const holds = result.ok && file !== undefined && (await sha256Of(file)) === result.sha256;
      return holds ? result : undefined;
    });
    kept.push(...(await Promise.all(some)));
  }
  return kept;
}

/** Undefined where the file cannot be read. */
async function sha256Of(file: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    await pipeline(await streamRegular(file), hash);
  } catch {
    return undefined;
  }
  return hash.digest('hex');
}
