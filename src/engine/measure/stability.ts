import type { Classified, Explainer } from '../explainer';
import type { MethodCall } from '../methods/method';
import type { Target } from '../methods/seed';
import { relativeDifference } from '../relative-difference';

/**
 * How much a map changes when every pixel changes by a millionth of itself: the
 * relative L2 change of the map. Costs a forward run and one or two maps.
 * @throws EngineError as `Explainer.explain` does
 */
export async function measureStability(
  explainer: Pick<Explainer, 'classify' | 'explain'>,
  classified: Classified,
  { method, options }: MethodCall,
  target: Target,
): Promise<number> {
  const original = await explainer.explain(classified, method, options, [target]);
  const nudged = classified.pixels.map((value, i) => value * (1 + (i % 2 === 0 ? 1e-6 : -1e-6)));
  const answer = await explainer.classify(nudged, { method, options });
  const other = await explainer.explain(answer, method, options, [target]);
  return relativeDifference(other.maps, original.maps);
}
