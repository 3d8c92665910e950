/** What a panel has computed for its picture: a method or class that was seen before is there at once. */
import type { ExplainResult } from '../../shared/protocol/explain';

export class ExplanationMemory {
  private readonly results = new Map<string, ExplainResult>();

  get(modelId: string, method: string): ExplainResult | undefined {
    return this.results.get(key(modelId, method));
  }

  /**
   * Adds a result; maps of other classes by the same model and method are kept, unless the model's
   * files were replaced since: then all that it answered before goes.
   */
  add(result: ExplainResult): ExplainResult {
    for (const { modelId, modelSha256 } of this.results.values()) {
      if (modelId === result.modelId && modelSha256 !== result.modelSha256) {
        this.forget(modelId);
        break;
      }
    }
    const known = this.get(result.modelId, result.method);
    const merged: ExplainResult =
      known === undefined
        ? result
        : {
            ...result,
            stability: result.stability ?? known.stability,
            heatmaps: inListOrder(union(known.heatmaps, result.heatmaps), result),
            scores: inListOrder(union(known.scores, result.scores), result),
          };
    this.results.set(key(result.modelId, result.method), merged);
    return merged;
  }

  /** One model's answers no longer hold. */
  forget(modelId: string): void {
    for (const [known, result] of this.results)
      if (result.modelId === modelId) this.results.delete(known);
  }

  /** The picture changed: nothing holds any more. */
  clear(): void {
    this.results.clear();
  }
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

function key(modelId: string, method: string): string {
  return `${method}\n${modelId}`;
}
