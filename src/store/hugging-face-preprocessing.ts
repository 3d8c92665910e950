/** Preprocessing from Hugging Face's `preprocessor_config.json`. */
import * as v from 'valibot';
import type { Preprocessing } from '../shared/model';

const numberOfSides = v.union([
  v.number(),
  v.object({ height: v.number(), width: v.number() }),
  v.object({ shortest_edge: v.number() }),
]);
const perChannel = v.strictTuple([v.number(), v.number(), v.number()]);

const configSchema = v.object({
  image_processor_type: v.optional(v.string()),
  feature_extractor_type: v.optional(v.string()),
  do_resize: v.optional(v.boolean()),
  size: v.optional(numberOfSides),
  resample: v.optional(v.number()),
  do_center_crop: v.optional(v.boolean()),
  crop_size: v.optional(numberOfSides),
  do_rescale: v.optional(v.boolean()),
  rescale_factor: v.optional(v.number()),
  do_normalize: v.optional(v.boolean()),
  image_mean: v.optional(perChannel),
  image_std: v.optional(perChannel),
});

/** PIL's numbers of its resampling filters. */
const interpolations = new Map<number, Preprocessing['interpolation']>([
  [0, 'nearest'],
  [1, 'lanczos'],
  [2, 'bilinear'],
  [3, 'bicubic'],
]);

/**
 * What the configuration says, with the defaults of the processor class it names (ViT: squash,
 * bilinear, 0.5; DeiT: squash to 256 and crop; CLIP and Bit: short side and crop, bicubic).
 * @returns undefined where the data is not an image processor's, or uses a filter we do not have
 */
export function fromHuggingFace(config: unknown): Preprocessing | undefined {
  const parsed = v.safeParse(configSchema, config);
  if (!parsed.success) {
    return undefined;
  }
  const data = parsed.output;
  const type = data.image_processor_type ?? data.feature_extractor_type;
  if (type === undefined && data.image_mean === undefined && data.size === undefined) {
    return undefined;
  }
  const byShortEdge = /CLIP|Bit|ConvNext/i.test(type ?? '');
  const isDeit = /DeiT/i.test(type ?? '');
  const crops = data.do_center_crop ?? (byShortEdge || isDeit);
  const size = data.size ?? (isDeit ? 256 : 224);
  const interpolation = interpolations.get(data.resample ?? (byShortEdge || isDeit ? 3 : 2));
  if (interpolation === undefined) {
    return undefined;
  }
  const resized = sidesOf(size);
  const crop = crops ? sidesOf(data.crop_size ?? 224) : resized;
  const resizes = data.do_resize ?? true;
  const shortest = typeof size === 'number' ? byShortEdge : 'shortest_edge' in size;
  return {
    resize: !resizes
      ? { rule: 'shortest-edge', size: Math.min(...crop) }
      : shortest
        ? { rule: 'shortest-edge', size: resized[0] }
        : sameSides(resized, crop)
          ? { rule: 'squash' }
          : { rule: 'squash', size: resized },
    interpolation,
    crop,
    rescale: (data.do_rescale ?? true) ? (data.rescale_factor ?? 1 / 255) : 1,
    ...((data.do_normalize ?? true)
      ? { mean: data.image_mean ?? [0.5, 0.5, 0.5], std: data.image_std ?? [0.5, 0.5, 0.5] }
      : { mean: [0, 0, 0], std: [1, 1, 1] }),
  };
}

function sidesOf(size: v.InferOutput<typeof numberOfSides>): readonly [number, number] {
  if (typeof size === 'number') {
    return [size, size];
  }
  return 'shortest_edge' in size
    ? [size.shortest_edge, size.shortest_edge]
    : [size.height, size.width];
}

function sameSides(a: readonly [number, number], b: readonly [number, number]): boolean {
  return a[0] === b[0] && a[1] === b[1];
}
