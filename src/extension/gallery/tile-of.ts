/** From a line of the report to what the gallery shows of it. */
import { unpackCells } from '../../dataset/pack-map';
import { sortingFiguresOf } from '../../shared/sample-figures';
import type { ExplainedSample, SampleResult } from '../../shared/sample-result';
import type { Tile, TileAnswer, TilePicture } from '../../shared/gallery/tile';
import { onScale } from '../../shared/colour-scale';
import { usualLook, type Evidence, type MapKind } from '../../shared/look';
import { shownMap } from '../../shared/shown-map';

export function tileOf(result: SampleResult): Tile {
  const { name, label } = result;
  if (!result.ok) return { ok: false, name, label, message: result.message };
  const { truth, truthRank, top, among, doubt } = result;
  return {
    ok: true,
    name,
    label,
    truth,
    truthRank,
    answer: top[0]?.index ?? 0,
    probability: top[0]?.probability,
    value: top[0]?.value,
    ...(among && { other: answerAmong(among) }),
    ...sortingFiguresOf(result),
    doubt,
  };
}

function answerAmong({
  top: [best],
  truthRank,
  loss,
}: NonNullable<ExplainedSample['among']>): TileAnswer {
  return { answer: best?.index ?? 0, probability: best?.probability, truthRank, loss };
}

/**
 * @param kind of the method's maps
 * @param thumbnailOf address of the small picture of a file with this SHA-256
 */
export function tilePictureOf(
  { name, map, sha256 }: ExplainedSample,
  kind: MapKind,
  thumbnailOf: (sha256: string) => string,
): TilePicture {
  const cells = unpackCells(map);
  const drawn = (evidence: Evidence) => {
    const { values, scale } = shownMap(cells, kind, cells.shape, { ...usualLook, evidence });
    return base64Of(onScale(values, scale));
  };
  return {
    name,
    thumbnail: thumbnailOf(sha256),
    map: drawn('for'),
    ...(kind.signed && { bothSigns: drawn('for-and-against') }),
  };
}

function base64Of(unit: Float32Array): string {
  return Buffer.from(Uint8Array.from(unit, (value) => Math.round(value * 255))).toString('base64');
}
