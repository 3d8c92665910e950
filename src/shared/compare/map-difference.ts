/** What one map has more than another, place by place. */
import { onScale, scaleAroundZero, type ColourScale } from '../colour-scale';
import type { InputWindow } from '../explanation';
import type { ShownMap } from '../shown-map';
import { alignMaps, type PlacedMap } from './align-maps';

export interface MapDifference {
  /** On the coarser of the two's patches; above zero where the first has more. */
  readonly shown: ShownMap;
  readonly place: InputWindow;
}

/**
 * The first map less the second, each in parts of its own scale, since relevance by two methods has no
 * unit in common: 1 is from nothing to the strongest that the scale has. Undefined where the maps have no
 * place in common.
 */
export function mapDifference(
  one: PlacedMap & { readonly scale: ColourScale },
  other: PlacedMap & { readonly scale: ColourScale },
): MapDifference | undefined {
  const aligned = alignMaps(inParts(one), inParts(other));
  if (aligned === undefined) return undefined;
  const { shape, place } = aligned;
  const values = aligned.one.map((value, at) => value - (aligned.other[at] ?? 0));
  const scale = scaleAroundZero(values);
  return { shown: { values, raw: values, shape, grain: 'patches', scale }, place };
}

/** 0 … 1, or −1 … 1 of a scale with both signs. */
function inParts<Map extends PlacedMap & { readonly scale: ColourScale }>(map: Map): Map {
  const { diverging } = map.scale;
  const unit = onScale(map.values, map.scale);
  return { ...map, values: diverging ? unit.map((value) => 2 * value - 1) : unit };
}
