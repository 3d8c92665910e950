/** One order of the patches, measured from both of its ends. */
import type { Curve, FaithfulnessFigures } from '../../shared/faithfulness';
import { withoutBetween, withoutFirst, type PatchMask } from '../masking/patch-mask';
import { curveOf, figuresOfCurves } from './curves';
import { groupBounds, salienceFaithfulness } from './saco';
import type { TargetScore } from './target';

/** What the model says under a mask. */
export type ScoreUnder = (mask: PatchMask) => TargetScore;

export class RankedOrder {
  /**
   * @param order patch indices, the most relevant first
   * @param counts how many patches are away at each point of the curves
   */
  constructor(
    readonly order: readonly number[],
    private readonly counts: readonly number[],
  ) {}

  curveMasks(): PatchMask[] {
    return [...this.masksFrom(this.order), ...this.masksFrom(this.order.toReversed())];
  }

  groupMasks(): PatchMask[] {
    return groupBounds(this.order.length)
      .slice(1)
      .map((end, i) => withoutBetween(this.order, this.groupStart(i), end));
  }

  curves(score: ScoreUnder): { mostFirst: Curve; leastFirst: Curve } {
    const along = (order: readonly number[]) => curveOf(this.masksFrom(order).map(score));
    return { mostFirst: along(this.order), leastFirst: along(this.order.toReversed()) };
  }

  figures(score: ScoreUnder): FaithfulnessFigures {
    const { mostFirst, leastFirst } = this.curves(score);
    return figuresOfCurves(this.shares(), mostFirst, leastFirst);
  }

  /** @param values the map that gave the order, by patch */
  saco(values: Float32Array, score: ScoreUnder): number {
    const whole = score(new Uint8Array(this.order.length)).probability;
    const bounds = groupBounds(this.order.length);
    const saliences = bounds
      .slice(1)
      .map((end, i) =>
        this.order
          .slice(this.groupStart(i), end)
          .reduce((sum, patch) => sum + (values[patch] ?? 0), 0),
      );
    const drops = this.groupMasks().map((mask) => whole - score(mask).probability);
    return salienceFaithfulness(saliences, drops);
  }

  shares(): number[] {
    return this.counts.map((count) => count / this.order.length);
  }

  private groupStart(group: number): number {
    return groupBounds(this.order.length)[group] ?? 0;
  }

  private masksFrom(order: readonly number[]): PatchMask[] {
    return this.counts.map((count) => withoutFirst(order, count));
  }
}
