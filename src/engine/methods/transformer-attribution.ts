import { attentionGradients, attentionRelevances } from './attention-relevance';
import type { Method } from './method';
import { beyondAttention } from './papers';
import { meanOverHeads, rolloutMap } from './token-matrices';

/**
 * C_l = clamp(mean_h(G_l ⊙ R^A_l)), then rollout. The base averages heads first and normalises
 * rows; Chefer's own code clamps first and leaves rows as they are.
 */
export const transformerAttribution: Method = {
  info: {
    id: 'transformer_attribution',
    name: 'Transformer attribution',
    sentence:
      'Relevance of each patch for the class, traced through every attention block and weighted by the gradient.',
    paper: beyondAttention,
    classSpecific: true,
    cost: 4,
    misleads:
      'It shows only evidence in favour of a class, and rounding shapes it where sums nearly cancel: look at its stability.',
    signed: false,
    pixels: false,
  },
  magnifiesRounding: true,
  startsAtLayer: true,
  record(attribution, options) {
    const { tape } = attribution;
    const blocks = attribution.blocksFrom(options);
    const gradients = attentionGradients(attribution, blocks);
    const relevances = attentionRelevances(attribution, blocks);
    const chefer = options.preset === 'chefer';
    const matrices = gradients.map((gradient, i) => {
      const cam = tape.mul(gradient, relevances[i] ?? '');
      return chefer
        ? meanOverHeads(attribution, tape.relu(cam))
        : tape.relu(meanOverHeads(attribution, cam));
    });
    return rolloutMap(attribution, options, matrices, chefer ? 'plain' : 'normalised');
  },
};
