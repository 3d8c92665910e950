/** What a panel has computed for its picture: a method or class that was seen before is there at once. */
import type { ExplainResult } from '../../shared/worker-protocol';

export class ExplanationMemory {
  readonly #results = new Map<string, ExplainResult>();

  get(modelId: string, method: string): ExplainResult | undefined {
    return this.#results.get(key(modelId, method));
  }

  /** Adds a result; heatmaps of other classes by the same model and method are kept behind its own. */
  add(result: ExplainResult): ExplainResult {
    const known = this.get(result.modelId, result.method);
    const merged: ExplainResult =
      known === undefined
        ? result
        : {
            ...result,
            stability: result.stability ?? known.stability,
            heatmaps: [
              ...known.heatmaps.filter(
                ({ index }) => !result.heatmaps.some((heatmap) => heatmap.index === index),
              ),
              ...result.heatmaps,
            ],
          };
    this.#results.set(key(result.modelId, result.method), merged);
    return merged;
  }

  /** One model's answers no longer hold. */
  forget(modelId: string): void {
    for (const [known, result] of this.#results) {
      if (result.modelId === modelId) this.#results.delete(known);
    }
  }

  /** The picture changed: nothing holds any more. */
  clear(): void {
    this.#results.clear();
  }
}

function key(modelId: string, method: string): string {
  return `${method}\n${modelId}`;
}
