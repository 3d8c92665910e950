/** How faithful maps of a panel's picture are, as far as that was measured. */
import type { Heatmap } from '../explanation';
import type { Faithfulness } from '../faithfulness';
import type { ExplainResult } from '../protocol/explain';

/** Which map of a model and method: of a class, or of a class held against another. */
export type MapTarget = Pick<Heatmap, 'index' | 'against'>;

/** The faithfulness of one map, and which map it is of. */
export interface MeasuredMap extends MapTarget {
  readonly modelId: string;
  readonly modelSha256: string;
  readonly method: string;
  readonly faithfulness: Faithfulness;
}

interface Shown {
  readonly explained: ExplainResult | undefined;
  readonly measured: readonly MeasuredMap[];
}

/** Of a map that is shown; undefined where it was not measured, or the model is another by now. */
export function measuredOf(
  { explained, measured }: Shown,
  { index, against }: MapTarget,
): Faithfulness | undefined {
  if (explained === undefined) return undefined;
  const { modelId, modelSha256, method } = explained;
  const shown = { modelId, modelSha256, method, index, ...(against !== undefined && { against }) };
  return measured.find((map) => isOf(map, shown))?.faithfulness;
}

/** The newest of each map. */
export function withMeasured(
  measured: readonly MeasuredMap[],
  map: MeasuredMap,
): readonly MeasuredMap[] {
  return [...measured.filter((other) => !isOf(other, map)), map];
}

type WhichMap = Omit<MeasuredMap, 'faithfulness'>;

function isOf(map: WhichMap, other: WhichMap): boolean {
  const { modelId, modelSha256, method, index, against } = other;
  return (
    map.modelId === modelId &&
    map.modelSha256 === modelSha256 &&
    map.method === method &&
    map.index === index &&
    map.against === against
  );
}
