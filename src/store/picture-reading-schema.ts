/** The shape of a `PictureReading` in files: `pictures` of a manifest. */
import * as v from 'valibot';
import type { PictureReading, PictureWindow } from '../shared/picture-reading';

const byte = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(255));
const finite = v.pipe(v.number(), v.finite());
const percent = v.pipe(v.number(), v.minValue(0), v.maxValue(100));

const alphaSchema = v.union(
  [v.picklist(['drop', 'white', 'black']), v.strictTuple([byte, byte, byte])],
  '“drop”, “white”, “black” or three numbers from 0 to 255',
);

export const windowSchema = v.union(
  [
    v.pipe(
      v.strictObject({ low: finite, high: finite }),
      v.check(({ low, high }) => low < high, '“low” has to be below “high”'),
    ),
    v.pipe(
      v.strictObject({ lowPercent: percent, highPercent: percent }),
      v.check(
        ({ lowPercent, highPercent }) => lowPercent < highPercent,
        '“lowPercent” has to be below “highPercent”',
      ),
    ),
    v.strictObject({ centre: finite, width: v.pipe(finite, v.gtValue(0)) }),
  ],
  '“low” below “high”, “lowPercent” below “highPercent” (0 … 100), or “centre” and a “width” above 0',
) satisfies v.GenericSchema<PictureWindow>;

/** Fields of `preprocessing` too, since they are part of what a model sees. */
export const pictureReadingEntries = {
  alpha: v.exactOptional(alphaSchema),
  window: v.exactOptional(windowSchema),
};

export const pictureReadingSchema = v.strictObject(
  pictureReadingEntries,
) satisfies v.GenericSchema<PictureReading>;
