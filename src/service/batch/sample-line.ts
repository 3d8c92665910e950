/** From what the model says of a picture to the sample's line in a report. */
import { boxCoverage } from '../../dataset/annotations/box-coverage';
import { boxesShown, placingOf } from '../../dataset/annotations/frame';
import { mapShares } from '../../dataset/map-shares';
import { unpackMap } from '../../dataset/pack-map';
import type { InputWindow } from '../../shared/explanation';
import type { OutputKind } from '../../shared/output-kind';
import type { ExplainedSample } from '../../shared/sample-result';
import type { BatchSample } from '../../shared/protocol/dataset';
import { answersAmong, type AnswersAmong } from '../../engine/outputs/among';
import { lossOf, probabilitiesOf, ranking } from '../../engine/outputs/probabilities';
import { maskCoverage } from './mask-coverage';
import type { CachedResult } from './result-cache';

const mostListed = 5;

/** How the model's numbers are read. */
interface ReadBy {
  /** What they mean. */
  readonly kind: OutputKind;
  /** Classes that answers are also taken among. */
  readonly among: readonly number[] | undefined;
}

/**
 * @param orientation how the picture lies in its file (`orientationOf`)
 * @throws Failure `dataset-unusable` when the sample's mask cannot be read
 */
export async function sampleLine(
  { name, label, truth, annotation }: BatchSample,
  sha256: string,
  { logits, map, window, remarks }: CachedResult,
  orientation: number,
  { kind, among }: ReadBy,
): Promise<ExplainedSample> {
  const probabilities = probabilitiesOf(logits, kind);
  const ranked = ranking(logits, kind);
  const { rows, columns } = map;
  const coverage = annotation && (await coverageOf(annotation, window, orientation, rows, columns));
  return {
    ok: true,
    name,
    sha256,
    ...(label === undefined ? {} : { label }),
    ...(truth === undefined ? {} : { truth }),
    top: ranked
      .slice(0, mostListed)
      .map((index) =>
        probabilities
          ? { index, probability: probabilities[index] ?? 0 }
          : { index, value: logits[index] ?? 0 },
      ),
    ...(truth === undefined
      ? {}
      : { truthRank: ranked.indexOf(truth), loss: lossOf(logits, truth, kind) }),
    ...(among && { among: amongLine(answersAmong(logits, kind, among), truth) }),
    ...(remarks.length > 0 && { remarks }),
    map,
    shares: mapShares(unpackMap(map), rows, columns, coverage?.shares),
    ...(coverage?.doubt === undefined ? {} : { doubt: coverage.doubt }),
  };
}

function amongLine(
  { ranked, shareOf, lossOf: lossAmong }: AnswersAmong,
  truth: number | undefined,
): NonNullable<ExplainedSample['among']> {
  const loss = truth === undefined ? undefined : lossAmong(truth);
  return {
    top: ranked.slice(0, mostListed).map((index) => ({ index, probability: shareOf(index) ?? 0 })),
    ...(truth !== undefined && loss !== undefined && { truthRank: ranked.indexOf(truth), loss }),
  };
}

async function coverageOf(
  annotation: NonNullable<BatchSample['annotation']>,
  window: InputWindow,
  orientation: number,
  rows: number,
  columns: number,
) {
  if (annotation.kind === 'mask')
    return maskCoverage(annotation.path, window, orientation, rows, columns);
  const { boxes, frame: stated } = annotation;
  const shown = { width: window.imageWidth, height: window.imageHeight, orientation };
  const { frame, doubt } = placingOf(stated, shown, boxes);
  const shares = frame && boxCoverage(boxesShown(boxes, frame, shown), window, rows, columns);
  return { shares, doubt };
}
