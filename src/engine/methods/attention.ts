import type { MethodOptions } from '../../shared/explanation';
import type { Method } from './method';
import { beyondAttention } from './papers';
import { meanOverHeads, patchGrid, readoutRow, rowOf } from './token-matrices';
import type { Attribution } from './attribution';

const misleads = 'Attention says where the last block looks, not what counts for a class.';

function lastAttention(attribution: Attribution, options: MethodOptions): string {
  const matrix = meanOverHeads(attribution, attribution.block(-1).attention);
  return patchGrid(
    attribution,
    rowOf(attribution, matrix, readoutRow(attribution, options.preset)),
  );
}

/** Readout row of mean_h A_L. */
export const attention: Method = {
  info: {
    id: 'attention',
    name: 'Attention',
    sentence: 'Where the readout token looks in the last block, averaged over heads.',
    paper: {
      title: 'Attention Is All You Need',
      authors: 'Vaswani et al.',
      year: 2017,
      url: 'https://arxiv.org/abs/1706.03762',
    },
    classSpecific: false,
    cost: 1,
    misleads,
    signed: false,
    pixels: false,
  },
  record: lastAttention,
};

/** The base's `last_layer_attn`: the same row (attention is never negative, so its clamp is idle). */
export const lastLayerAttention: Method = {
  info: {
    id: 'last_layer_attn',
    name: 'Last-block attention (as the base names it)',
    sentence: 'Where the readout token looks in the last block; the original code’s own variant.',
    paper: beyondAttention,
    classSpecific: false,
    cost: 1,
    misleads,
    signed: false,
    pixels: false,
  },
  record: lastAttention,
};
