/** The channels of a picture inside a graph: which stands where, and what was done to its values. */
import type { Constant } from './constant';

/** One channel as it came in, times `scale`, plus `shift`. */
export interface Channel {
  readonly from: number;
  readonly scale: number;
  readonly shift: number;
}

/** A tensor that holds channels of the picture and nothing else, whatever was done to its pixels. */
export interface PictureChannels {
  readonly channels: readonly Channel[];
  /** The axis that they stand on; undefined where one channel has none. */
  readonly axis: number | undefined;
  readonly rank: number;
}

/** Finds a constant of the graph by its name. */
export type ConstantOf = (tensor: string | undefined) => Constant | undefined;

/** The scaling and shift of one node, by place of the channel. */
export interface Affine {
  readonly scale: readonly number[];
  readonly shift: readonly number[];
}

export function changed(picture: PictureChannels, { scale, shift }: Affine): PictureChannels {
  const channels = picture.channels.map((channel, i) => ({
    from: channel.from,
    scale: channel.scale * (scale[i] ?? NaN),
    shift: channel.shift * (scale[i] ?? NaN) + (shift[i] ?? NaN),
  }));
  return { ...picture, channels };
}

/** The channels at some places, in that order; undefined where there is none. */
export function picked(
  { channels, ...layout }: PictureChannels,
  places: readonly number[],
): PictureChannels | undefined {
  const chosen = places.flatMap((place) => channels.at(place) ?? []);
  return chosen.length === places.length ? { ...layout, channels: chosen } : undefined;
}
