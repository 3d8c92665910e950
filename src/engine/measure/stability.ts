import type { Classified, Explainer } from '../explainer';
import type { MethodCall } from '../methods/method';
import { relativeDifference } from '../relative-difference';

/**
 * How much the map of a class changes when every pixel changes by a millionth of itself: the
 * relative L2 change of the map. Costs a forward run and one or two maps.
 * @throws EngineError as `Explainer.explain` does
 */
export async function measureStability(
  explainer: Pick<Explainer, 'classify' | 'explain'>,
  classified: Classified,
  { method, options }: MethodCall,
  classIndex: number,
): Promise<number> {
  const original = await explainer.explain(classified, method, options, [classIndex]);
  const nudged = classified.pixels.map((value, i) => value * (1 + (i % 2 === 0 ? 1e-6 : -1e-6)));
  const answer = await explainer.classify(nudged, { method, options });
  const other = await explainer.explain(answer, method, options, [classIndex]);
  return relativeDifference(other.maps, original.maps);
}
