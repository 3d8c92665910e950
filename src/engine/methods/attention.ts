import type { MethodInfo, MethodOptions } from '../../shared/explanation';
import type { Method } from './method';
import { beyondAttention } from './papers';
import { meanOverHeads, rowMap } from './token-matrices';
import type { Attribution } from './attribution';

const shared = {
  classSpecific: false,
  cost: 1,
  misleads: 'Attention says where the last block looks, not what counts for a class.',
  signed: false,
  pixels: false,
} satisfies Partial<MethodInfo>;

function lastAttention(attribution: Attribution, options: MethodOptions): string {
  const last = attribution.tape.value(attribution.block(-1).attention);
  return rowMap(attribution, options, meanOverHeads(attribution, last));
}

/** Readout row of mean_h A_L. */
export const attention: Method = {
  info: {
    ...shared,
    id: 'attention',
    name: 'Attention',
    sentence: 'Where the readout token looks in the last block, averaged over heads.',
    paper: {
      title: 'Attention Is All You Need',
      authors: 'Vaswani et al.',
      year: 2017,
      url: 'https://arxiv.org/abs/1706.03762',
    },
  },
  record: lastAttention,
};

/** The base's `last_layer_attn`: the same row (attention is never negative, so its clamp is idle). */
export const lastLayerAttention: Method = {
  info: {
    ...shared,
    id: 'last_layer_attn',
    name: 'Last-block attention (as the base names it)',
    sentence: 'Where the readout token looks in the last block; the original code’s own variant.',
    paper: beyondAttention,
  },
  record: lastAttention,
};
