import { attentionRelevances } from './attention-relevance';
import type { Method } from './method';
import { beyondAttention } from './papers';
import { baseReadsAttention, meanOverHeads, rolloutMap } from './token-matrices';

/**
 * C_l = mean_h clamp(R^A_l), then rollout. With the base's preset DINOv2 and CLIP models take plain
 * attention, as the base's code does.
 */
export const relevanceRollout: Method = {
  info: {
    id: 'rollout',
    name: 'Relevance rollout',
    sentence: 'How the relevance of attention itself flows from the patches to the readout.',
    paper: beyondAttention,
    classSpecific: true,
    cost: 3.2,
    misleads: 'Without the gradient it hardly tells classes apart.',
    signed: false,
    pixels: false,
  },
  magnifiesRounding: true,
  startsAtLayer: true,
  record(attribution, options) {
    const { tape } = attribution;
    const blocks = attribution.blocksFrom(options);
    const cams = baseReadsAttention(attribution, options)
      ? blocks.map((block) => tape.value(block.attention))
      : attentionRelevances(attribution, blocks).map((cam) => tape.relu(cam));
    const matrices = cams.map((cam) => meanOverHeads(attribution, cam));
    const rows = options.preset === 'chefer' ? 'plain' : 'normalised';
    return rolloutMap(attribution, options, matrices, rows);
  },
};
