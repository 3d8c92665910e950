/** From what the model says of a picture to the sample's line in a report. */
import { boxCoverage } from '../../dataset/annotations/box-coverage';
import { mapShares } from '../../dataset/map-shares';
import { unpackMap } from '../../dataset/pack-map';
import type { InputWindow } from '../../shared/explanation';
import type { ExplainedSample } from '../../shared/sample-result';
import type { BatchSample } from '../../shared/worker-protocol';
import { probabilitiesOf, ranking } from '../scores';
import { maskCoverage } from './mask-coverage';
import type { CachedResult } from './result-cache';

const LISTED = 5;

/**
 * @param independent whether the model judges each class on its own
 * @throws Failure `dataset-unusable` when the sample's mask cannot be read
 */
export async function sampleLine(
  { name, label, truth, annotation }: BatchSample,
  sha256: string,
  { logits, map, window, remarks }: CachedResult,
  independent: boolean,
): Promise<ExplainedSample> {
  const probabilities = probabilitiesOf(logits, independent);
  const ranked = ranking(logits);
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
      .map((index) => ({ index, probability: probabilities[index] ?? 0 })),
    ...(truth === undefined
      ? {}
      : { truthRank: ranked.indexOf(truth), loss: crossEntropy(logits, truth, independent) }),
    ...(remarks.length > 0 && { remarks }),
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

/** −log probability of the truth, finite also where that rounds to zero. */
function crossEntropy(logits: Float32Array, truth: number, independent: boolean): number {
  if (independent) {
    const logit = logits[truth] ?? 0;
    return Math.max(0, -logit) + Math.log1p(Math.exp(-Math.abs(logit)));
  }
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - largest), 0);
  return Math.log(sum) + largest - (logits[truth] ?? 0);
}
