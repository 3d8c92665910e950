/** How an image becomes the model's input. */
import * as v from 'valibot';
import { pictureReadingEntries } from './picture-reading';
import type { Data } from './schema';

/** Of what a model sees, in pixels. */
export const longestSide = 16_384;

const side = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(longestSide));
/** Height and width. */
const sides = v.strictTuple([side, side]);
const perChannel = v.strictTuple([v.number(), v.number(), v.number()]);
const positive = v.pipe(v.number(), v.gtValue(0));
const level = v.pipe(v.number(), v.minValue(0), v.maxValue(255));

/** From the picture's size to the one that is cropped or padded. */
const resizeRuleSchema = v.variant('rule', [
  /**
   * The short side becomes `size`, the long one in proportion, rounded down; where the long side
   * would be longer than `longest`, that is what it becomes.
   */
  v.strictObject({
    rule: v.literal('shortest-edge'),
    size: side,
    longest: v.exactOptional(side),
  }),
  /** In proportion, so that `size` is just covered; both sides rounded to whole pixels. */
  v.strictObject({ rule: v.literal('cover'), size: sides }),
  /** In proportion, so that the picture just fits into `size`; both sides rounded, or rounded down. */
  v.strictObject({
    rule: v.literal('contain'),
    size: sides,
    rounding: v.exactOptional(v.picklist(['nearest', 'down'])),
  }),
  /** Both sides become `size` (`crop` where it is left out), whatever the shape of the picture. */
  v.strictObject({ rule: v.literal('squash'), size: v.exactOptional(sides) }),
  v.strictObject({ rule: v.literal('none') }),
]);

export type ResizeRule = Data<typeof resizeRuleSchema>;

/** Part of the model: the wrong one costs accuracy silently. */
export const preprocessingSchema = v.strictObject({
  ...pictureReadingEntries,
  resize: resizeRuleSchema,
  interpolation: v.picklist(['bicubic', 'bilinear', 'lanczos', 'nearest', 'box', 'hamming']),
  /** Height and width that the model sees, in pixels: the centre is cut out, what is missing is padded. */
  crop: sides,
  /**
   * Where the crop begins when half of what is left over is no whole number of pixels: at the even
   * one (`half-even`, torchvision, timm and OpenCLIP; where it is left out), the one before (`down`,
   * Hugging Face's processors), or the one nearer to 0 (`towards-zero`, its fast processors).
   */
  cropRounding: v.exactOptional(v.picklist(['half-even', 'down', 'towards-zero'])),
  /** Colour of the padding on the scale of 8-bit values; black where it is left out. */
  fill: v.exactOptional(v.strictTuple([level, level, level])),
  /** Where a picture smaller than the crop lies in it; in the centre where it is left out. */
  place: v.exactOptional(v.picklist(['centre', 'top-left'])),
  /** Order of the channels that the model sees; `rgb` where it is left out. */
  channels: v.exactOptional(v.picklist(['rgb', 'bgr'])),
  /** Factor from 8-bit values to the range that mean and std are given in; usually 1/255. */
  rescale: positive,
  /** For each channel that the model sees. */
  mean: perChannel,
  std: v.strictTuple([positive, positive, positive]),
});

export type Preprocessing = Data<typeof preprocessingSchema>;

/** A number for each channel. */
export type Triple = Preprocessing['mean'];
