/** How faithful maps of a panel's picture are, as far as that was measured. */
import type { Faithfulness } from '../faithfulness';
import type { ExplainResult } from '../protocol/explain';

/** The faithfulness of one map, and which map it is of. */
export interface MeasuredMap {
  readonly modelId: string;
  readonly modelSha256: string;
  readonly method: string;
  /** Of the class. */
  readonly index: number;
  readonly faithfulness: Faithfulness;
}

interface Shown {
  readonly explained: ExplainResult | undefined;
  readonly measured: readonly MeasuredMap[];
}

/** Of the map of a class that is shown; undefined where it was not measured, or the model is another by now. */
export function measuredOf(
  { explained, measured }: Shown,
  index: number,
): Faithfulness | undefined {
  if (explained === undefined) return undefined;
  return measured.find((map) => isOf(map, { ...explained, index }))?.faithfulness;
}

/** The newest of each map. */
export function withMeasured(
  measured: readonly MeasuredMap[],
  map: MeasuredMap,
): readonly MeasuredMap[] {
  return [...measured.filter((other) => !isOf(other, map)), map];
}

type WhichMap = Omit<MeasuredMap, 'faithfulness'>;

function isOf(map: WhichMap, { modelId, modelSha256, method, index }: WhichMap): boolean {
  return (
    map.modelId === modelId &&
    map.modelSha256 === modelSha256 &&
    map.method === method &&
    map.index === index
  );
}
