/** Every method, in the order in which they are offered. */
import { EngineError } from '../engine-error';
import { attnlrpBlocks } from './attnlrp-blocks';
import { attention, lastLayerAttention } from './attention';
import { attentionRollout } from './attention-rollout';
import { gae } from './gae';
import { gradcam, gradcamAttention } from './gradcam';
import { libraFullgrad } from './libra-fullgrad';
import { legrad } from './legrad';
import type { Method } from './method';
import { attnlrp, full, inputTimesGradientMethod, integratedGradients } from './pixel-maps';
import { relevanceRollout } from './relevance-rollout';
import { lastLayer, secondLayer } from './single-block';
import { transformerAttribution } from './transformer-attribution';

export const methods: readonly Method[] = [
  transformerAttribution,
  gae,
  libraFullgrad,
  attnlrpBlocks,
  legrad,
  attnlrp,
  gradcam,
  gradcamAttention,
  attentionRollout,
  attention,
  relevanceRollout,
  lastLayer,
  lastLayerAttention,
  secondLayer,
  full,
  inputTimesGradientMethod,
  integratedGradients,
];

/** @throws EngineError `method-not-applicable` if there is no such method */
export function methodOf(id: string): Method {
  const method = methods.find(({ info }) => info.id === id);
  if (method) return method;
  throw new EngineError(
    'method-not-applicable',
    `There is no method “${id}”.`,
    `Choose one of ${methods.map(({ info }) => info.id).join(', ')}.`,
  );
}
