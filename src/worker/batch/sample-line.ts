/** From what the model says of a picture to the sample's line in a report. */
import { boxCoverage } from '../../dataset/annotations/box-coverage';
import { boxesShown, placingOf } from '../../dataset/annotations/frame';
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
 * @param orientation how the picture lies in its file (`orientationOf`)
 * @param independent whether the model judges each class on its own
 * @throws Failure `dataset-unusable` when the sample's mask cannot be read
 */
export async function sampleLine(
  { name, label, truth, annotation }: BatchSample,
  sha256: string,
  { logits, map, window }: CachedResult,
  orientation: number,
  independent: boolean,
): Promise<ExplainedSample> {
  const probabilities = probabilitiesOf(logits, independent);
  const ranked = ranking(logits);
  const { rows, columns } = map;
  const coverage = annotation && (await coverageOf(annotation, window, orientation, rows, columns));
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
    map,
    shares: mapShares(unpackMap(map), rows, columns, coverage?.shares),
    ...(coverage?.doubt === undefined ? {} : { doubt: coverage.doubt }),
  };
}

async function coverageOf(
  annotation: NonNullable<BatchSample['annotation']>,
  window: InputWindow,
  orientation: number,
  rows: number,
  columns: number,
) {
  if (annotation.kind === 'mask') {
    return maskCoverage(annotation.path, window, orientation, rows, columns);
  }
  const { boxes, frame: stated } = annotation;
  const shown = { width: window.imageWidth, height: window.imageHeight, orientation };
  const { frame, doubt } = placingOf(stated, shown, boxes);
  const shares = frame && boxCoverage(boxesShown(boxes, frame, shown), window, rows, columns);
  return { shares, doubt };
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
