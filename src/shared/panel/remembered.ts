/** What models answered about a panel's picture: a method or class that was seen before is there at once. */
import type { Heatmap } from '../explanation';
import type { ExplainResult } from '../protocol/explain';
import { askedClasses } from './asked-classes';
import type { Contrast, PanelModel } from './panel-model';

export function recall(
  remembered: readonly ExplainResult[],
  modelId: string | undefined,
  method: string | undefined,
): ExplainResult | undefined {
  return remembered.find((result) => result.modelId === modelId && result.method === method);
}

/**
 * Adds a result; maps of other classes by the same model and method are kept, unless the model's
 * files were replaced since: then all that it answered before goes.
 */
export function remember(
  remembered: readonly ExplainResult[],
  result: ExplainResult,
): readonly ExplainResult[] {
  const { modelId, modelSha256, method } = result;
  const holding = remembered.filter(
    (one) => one.modelId !== modelId || one.modelSha256 === modelSha256,
  );
  const known = recall(holding, modelId, method);
  if (known === result) return holding;
  return [...holding.filter((one) => one !== known), known ? merged(known, result) : result];
}

/**
 * Classes that are listed or were asked for, but have no map yet.
 * @param asked none twice
 */
export function missingClasses(
  { topK, heatmaps }: ExplainResult,
  asked: readonly number[],
): readonly number[] {
  const explained = new Set(heatmaps.map(({ index }) => index));
  const wanted = new Set([...topK.map(({ index }) => index), ...asked]);
  return [...wanted].filter((index) => !explained.has(index));
}

/** Whether nothing is to be computed for what is asked now. */
export function hasAllMaps(panel: PanelModel): boolean {
  const { explained, contrast, contrasted } = panel;
  if (explained === undefined || (contrast !== undefined && !isOf(contrasted, contrast)))
    return false;
  return missingClasses(explained, askedClasses(panel)).length === 0;
}

/** Whether a map is that of a contrast. */
export function isOf(
  heatmap: Pick<Heatmap, 'index' | 'against'> | undefined,
  contrast: Contrast | undefined,
): boolean {
  if (heatmap === undefined || contrast === undefined) return false;
  return heatmap.index === contrast.index && heatmap.against === contrast.against;
}

function merged(known: ExplainResult, result: ExplainResult): ExplainResult {
  return {
    ...result,
    stability: result.stability ?? known.stability,
    // How long the picture's map took, whatever was asked of it afterwards.
    milliseconds: known.milliseconds,
    heatmaps: inListOrder(union(known.heatmaps, result.heatmaps), result),
    scores: inListOrder(union(known.scores, result.scores), result),
  };
}

interface OfClass {
  readonly index: number;
}

/** The newer one of each class. */
function union<Item extends OfClass>(older: readonly Item[], newer: readonly Item[]): Item[] {
  return [...older.filter(({ index }) => !newer.some((item) => item.index === index)), ...newer];
}

/** The most probable classes first, as they are listed; the others as they came. */
function inListOrder<Item extends OfClass>(
  items: readonly Item[],
  { topK }: ExplainResult,
): Item[] {
  const place = ({ index }: Item): number => {
    const rank = topK.findIndex((score) => score.index === index);
    return rank < 0 ? topK.length : rank;
  };
  return [...items].sort((left, right) => place(left) - place(right));
}
