/** Preprocessing from timm's `config.json` (`pretrained_cfg`). */
import * as v from 'valibot';
import type { Preprocessing } from '../shared/model';

const perChannel = v.strictTuple([v.number(), v.number(), v.number()]);

const cfgSchema = v.object({
  input_size: v.strictTuple([v.literal(3), v.number(), v.number()]),
  interpolation: v.optional(v.picklist(['bicubic', 'bilinear', 'nearest', 'lanczos'])),
  crop_pct: v.optional(v.number()),
  crop_mode: v.optional(v.picklist(['center', 'squash'])),
  mean: perChannel,
  std: perChannel,
});

const configSchema = v.object({
  architecture: v.string(),
  pretrained_cfg: v.optional(v.unknown()),
});

/**
 * timm's evaluation transform: the short side (or both) to the input divided by `crop_pct`, rounded
 * down, then the centre crop; `crop_pct` defaults to 0.875 and the filter to bilinear.
 * @returns undefined where the data is not timm's, or crops in a way we do not have (`border`)
 */
export function fromTimm(config: unknown): Preprocessing | undefined {
  const outer = v.safeParse(configSchema, config);
  if (!outer.success) {
    return undefined;
  }
  // Older repositories keep the fields beside `architecture`.
  const parsed = v.safeParse(cfgSchema, outer.output.pretrained_cfg ?? config);
  if (!parsed.success) {
    return undefined;
  }
  const { input_size, interpolation, crop_pct, crop_mode, mean, std } = parsed.output;
  const crop = [input_size[1], input_size[2]] as const;
  const share = crop_pct ?? 0.875;
  const scaled = [Math.floor(crop[0] / share), Math.floor(crop[1] / share)] as const;
  return {
    resize:
      crop_mode === 'squash'
        ? { rule: 'squash', size: scaled }
        : { rule: 'shortest-edge', size: Math.min(...scaled) },
    interpolation: interpolation ?? 'bilinear',
    crop,
    rescale: 1 / 255,
    mean,
    std,
  };
}
