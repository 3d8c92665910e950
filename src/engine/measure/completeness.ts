/** Whether a map's rules kept what they promise to add up. */
import type { Classified, Explainer } from '../explainer';
import { replacementPicture } from '../masking/replacement';
import { methodOf } from '../methods/catalogue';
import type { MethodCall } from '../methods/method';
import { seedFor } from '../methods/seed';
import type { MeasuredMap } from './faithfulness';
import { scoreOf, type Target } from './target';

/**
 * |Σ attribution − promise| / |promise|. Integrated gradients promise the class's number less that of
 * a plain grey image (completeness; Sundararajan, Taly, Yan 2017): how far sixteen points fall short
 * of the whole way. Rules that hold attention, deviations and gates fixed make the model an affine
 * map of its tokens: what enters the first block times its gradient, and every bias behind it times
 * its own, are the number that the walk began with, and what is missing is rounding.
 * @param map of the target by this method
 * @returns 0 … ∞; undefined where the method promises nothing, or nothing on this model
 * @throws EngineError as `Explainer.classify` and `Explainer.explain` do
 */
export async function completenessError(
  explainer: Pick<Explainer, 'classify' | 'explain' | 'output' | 'structure'>,
  classified: Classified,
  { method, options }: MethodCall,
  target: Target,
  map: MeasuredMap,
): Promise<number | undefined> {
  const { promise, seed = 'logit' } = methodOf(method);
  const { kind } = explainer.output;
  if (promise === 'answer-above-grey') {
    const grey = replacementPicture('grey', classified.pixels, explainer.structure);
    const [whole, none] = [classified, await explainer.classify(grey)].map(
      ({ logits }) => scoreOf(logits, kind, target).logit,
    );
    return errorOf(sumOf(map.values), (whole ?? NaN) - (none ?? NaN));
  }
  if (promise === undefined) return undefined;
  const { index, against } = target;
  const targets = [against === undefined ? index : { index, against }];
  const { totals } = await explainer.explain(classified, method, options, targets);
  if (!totals) return undefined;
  const { logits } = classified;
  const begun = seedFor(seed, kind, logits, targets).reduce(
    (sum, value, i) => sum + value * (logits[i] ?? 0),
    0,
  );
  return errorOf(sumOf(totals), begun);
}

function errorOf(sum: number, promise: number): number | undefined {
  return promise === 0 ? undefined : Math.abs(sum - promise) / Math.abs(promise);
}

function sumOf(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
