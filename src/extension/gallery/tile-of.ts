/** From a line of the report to what the gallery shows of it. */
import { unpackMap } from '../../dataset/pack-map';
import { sortingFiguresOf } from '../../shared/sample-figures';
import type { SampleResult } from '../../shared/sample-result';
import type { Tile } from '../../shared/gallery/tile';
import { normaliseAroundZero, normaliseMinMax } from '../../shared/upsample';

/**
 * @param signed whether the method's values have a sign: zero takes the middle of the range
 * @param thumbnailOf address of the small picture of a file with this SHA-256
 */
export function tileOf(
  result: SampleResult,
  signed: boolean,
  thumbnailOf: (sha256: string) => string,
): Tile {
  const { name, label } = result;
  if (!result.ok) return { ok: false, name, label, message: result.message };
  const { truth, truthRank, top, sha256, map, doubt } = result;
  const values = unpackMap(map);
  const unit = signed ? normaliseAroundZero(values) : normaliseMinMax(values);
  return {
    ok: true,
    name,
    label,
    truth,
    truthRank,
    answer: top[0]?.index ?? 0,
    probability: top[0]?.probability,
    value: top[0]?.value,
    ...sortingFiguresOf(result),
    doubt,
    thumbnail: thumbnailOf(sha256),
    map: Buffer.from(Uint8Array.from(unit, (value) => Math.round(value * 255))).toString('base64'),
  };
}
