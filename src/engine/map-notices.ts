import type { MethodOptions } from '../shared/explanation';
import type { AttributionSessions } from './attribution-sessions';
import type { Method } from './methods/method';
import type { VitStructure } from './vit/structure';

/** What has to be known to read the maps of a method on a model. */
export function mapNotices(
  method: Method,
  options: MethodOptions,
  { parallelMaps }: VitStructure,
  attributions: AttributionSessions,
): readonly string[] {
  const { name } = method.info;
  const { startLayer } = options;
  const notices: string[] = [];
  if (startLayer !== undefined && method.startsAtLayer !== true)
    notices.push(`${name} has no start layer: ${startLayer} was left out of account.`);
  const isParted =
    parallelMaps > 0 &&
    attributions.unavailable(method) === undefined &&
    attributions.recorded(method, options).walked.has('relevance');
  if (isParted) {
    notices.push(
      `The model has ${parallelMaps} linear maps that are written as sums of several (as LoRA leaves them, unmerged). ` +
        `${name} passes relevance through each part by itself: with the parts merged into one weight the model answers the same, but this map would be another one. Gradient methods give the same map for both.`,
    );
  }
  return notices;
}
