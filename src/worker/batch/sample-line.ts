/** From what the model says of a picture to the sample's line in a report. */
import { boxCoverage } from '../../dataset/annotations/box-coverage';
import { mapShares } from '../../dataset/map-shares';
import { unpackMap } from '../../dataset/pack-map';
import type { InputWindow } from '../../shared/explanation';
import type { OutputKind } from '../../shared/output-kind';
import type { ExplainedSample } from '../../shared/sample-result';
import type { BatchSample } from '../../shared/worker-protocol';
import { lossOf, probabilitiesOf } from '../../engine/outputs/probabilities';
import { ranking } from '../scores';
import { maskCoverage } from './mask-coverage';
import type { CachedResult } from './result-cache';

const LISTED = 5;

/**
 * @param kind what the model's numbers mean
 * @throws Failure `dataset-unusable` when the sample's mask cannot be read
 */
export async function sampleLine(
  { name, label, truth, annotation }: BatchSample,
  sha256: string,
  { logits, map, window }: CachedResult,
  kind: OutputKind,
): Promise<ExplainedSample> {
  const probabilities = probabilitiesOf(logits, kind);
  const ranked = ranking(logits, kind);
  const { rows, columns } = map;
  const coverage = annotation && (await coverageOf(annotation, window, rows, columns));
  return {
    ok: true,
    name,
    sha256,
    ...(label === undefined ? {} : { label }),
    ...(truth === undefined ? {} : { truth }),
    top: ranked
      .slice(0, LISTED)
      .map((index) =>
        probabilities
          ? { index, probability: probabilities[index] ?? 0 }
          : { index, value: logits[index] ?? 0 },
      ),
    ...(truth === undefined
      ? {}
      : { truthRank: ranked.indexOf(truth), loss: lossOf(logits, truth, kind) }),
    map,
    shares: mapShares(unpackMap(map), rows, columns, coverage),
  };
}

async function coverageOf(
  annotation: NonNullable<BatchSample['annotation']>,
  window: InputWindow,
  rows: number,
  columns: number,
): Promise<Float32Array> {
  return annotation.kind === 'boxes'
    ? boxCoverage(annotation.boxes, window, rows, columns)
    : maskCoverage(annotation.path, window, rows, columns);
}
