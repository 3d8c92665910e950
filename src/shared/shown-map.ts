/**
 * What of a map is drawn, and on which scale: decided here for panels, tiles, files and reports alike.
 * What is measured, exported and read under the pointer stays the raw relevance.
 */
import {
  robustScale,
  scaleAroundZero,
  scaleFromZero,
  wholeScale,
  type ColourScale,
} from './colour-scale';
import type { Grid, Heatmap } from './explanation';
import type { Evidence, Grain, Look, MapKind } from './look';
import { patchSums } from './patch-sums';

/** Relevance by rows and columns, row-major. */
export type MapCells = Pick<Heatmap, 'values' | 'shape'>;

export interface ShownMap extends MapCells {
  /** The relevance that is drawn; without what is below zero where evidence for the class is shown alone. */
  readonly values: Float32Array;
  /** The relevance of the same patches or pixels as the method gave it, with its sign. */
  readonly raw: Float32Array;
  readonly grain: Grain;
  readonly scale: ColourScale;
}

/**
 * A map as it is looked at. That of a method that reaches the pixels is summed patch by patch, or kept as
 * it is, and drawn on a robust scale; that of a signed method is its positive part on a scale of its own, or
 * both signs around zero. All others are drawn from the smallest to the largest value.
 *
 * @param grid of the model's patches
 * @throws RangeError when a value is not finite
 */
export function shownMap(
  { values, shape }: MapCells,
  kind: MapKind,
  grid: Grid,
  look: Look,
): ShownMap {
  if (!values.every(Number.isFinite))
    throw new RangeError('A map that holds a value that is not finite cannot be drawn.');
  const grain = kind.pixels ? look.grain : 'patches';
  const summed = kind.pixels && grain === 'patches';
  const raw = summed ? patchSums(values, shape, grid) : values;
  const drawn = kind.signed && look.evidence === 'for' ? positivePart(raw) : raw;
  const scale = scaleOf(drawn, kind, look.evidence);
  return {
    values: drawn,
    raw,
    shape: summed ? grid : shape,
    grain,
    scale: kind.pixels ? robustScale(scale, drawn) : scale,
  };
}

/** Whether anything of it speaks for its class. */
export function hasEvidenceFor({ values }: Pick<MapCells, 'values'>): boolean {
  return values.some((value) => value > 0);
}

/** What speaks for the class; nothing where a value speaks against it. */
export function positivePart(values: Float32Array): Float32Array {
  return values.map((value) => Math.max(0, value));
}

function scaleOf(drawn: Float32Array, { signed }: MapKind, evidence: Evidence): ColourScale {
  if (!signed) return wholeScale(drawn);
  return evidence === 'for' ? scaleFromZero(drawn) : scaleAroundZero(drawn);
}
