/** Relevance of one block's attention alone: the last (partial LRP) or the second. */
import type { MethodInfo, MethodOptions } from '../../shared/explanation';
import { attentionGradients, attentionRelevances } from './attention-relevance';
import type { Attribution } from './attribution';
import type { Method } from './method';
import { beyondAttention } from './papers';
import { baseReadsAttention, meanOverHeads, rowMap } from './token-matrices';
import { noBetterThanCentre } from './measured';

function record(attribution: Attribution, options: MethodOptions, index: number): string {
  const { tape } = attribution;
  const block = attribution.block(index);
  const relevance = baseReadsAttention(attribution, options)
    ? tape.value(block.attention)
    : (attentionRelevances(attribution, [block])[0] ?? '');
  const cam = options.isAblation
    ? tape.mul(attentionGradients(attribution, [block])[0] ?? '', relevance)
    : relevance;
  return rowMap(attribution, options, meanOverHeads(attribution, tape.relu(cam)));
}

const shared = {
  paper: beyondAttention,
  classSpecific: true,
  signed: false,
  pixels: false,
} satisfies Partial<MethodInfo>;

/** Readout row of mean_h clamp(R^A_L), or of mean_h clamp(G ⊙ R^A_L) with `isAblation`. */
export const lastLayer: Method = {
  info: {
    ...shared,
    id: 'last_layer',
    name: 'Partial LRP (last block)',
    sentence: 'Relevance of each patch within the last block’s attention alone.',
    cost: 1,
    misleads:
      'Earlier blocks have already mixed the patches, so the places are only roughly right.',
  },
  record: (attribution, options) => record(attribution, options, -1),
};

/** The same of block 1. */
export const secondLayer: Method = {
  info: {
    ...shared,
    id: 'second_layer',
    name: 'Relevance of the second block',
    sentence: 'Relevance of each patch within the second block’s attention alone.',
    cost: 2.9,
    misleads: 'The readout token has gathered little by the second block.',
    caution: noBetterThanCentre,
  },
  magnifiesRounding: true,
  unavailable: ({ blocks }) => (blocks.length > 1 ? undefined : 'The model has one block only.'),
  record: (attribution, options) => record(attribution, options, 1),
};
