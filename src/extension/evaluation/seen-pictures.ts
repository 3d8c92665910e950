/** Small pictures of an evaluation's samples, as its model sees them. */
import { thumbnailSide } from '../../dataset/report/thumbnails';
import { largest, readRegular } from '../../engine/files/regular-file';
import type { WorkerHost } from '../worker-host';
import type { SeenPictures } from './export-evaluation';
import type { OpenedEvaluation } from './open-evaluation';

/** One that cannot be read any more is left out: a report says enough without it. */
export function seenPictures(
  { samples, header: { preprocessing } }: OpenedEvaluation,
  worker: WorkerHost,
): SeenPictures {
  return async (names) => {
    const pictures = new Map<string, Uint8Array>();
    for (const { name, path } of samples) {
      if (!names.has(name)) continue;
      try {
        const bytes = await readRegular(path, largest.picture);
        const asked = { bytes, name, preprocessing, maxSide: thumbnailSide };
        pictures.set(name, (await worker.call('seenPicture', asked)).jpeg);
      } catch {
        continue;
      }
    }
    return pictures;
  };
}
