import { attentionGradients } from './attention-relevance';
import type { Method } from './method';
import { meanOverHeads, rolloutMap } from './token-matrices';

/** R = I; R ← R + mean_h relu(G ⊙ A) · R over the blocks, rows left as they are. */
export const gae: Method = {
  info: {
    id: 'gae',
    name: 'Generic attention explainability',
    sentence: 'Attention weighted by its gradient for the class, accumulated over all blocks.',
    paper: {
      title:
        'Generic Attention-model Explainability for Interpreting Bi-Modal and Encoder-Decoder Transformers',
      authors: 'Chefer, Gur, Wolf',
      year: 2021,
      url: 'https://arxiv.org/abs/2103.15679',
    },
    classSpecific: true,
    cost: 2,
    misleads: 'It sees the model through attention only: what the MLPs add or remove is left out.',
    signed: false,
    pixels: false,
  },
  startsAtLayer: true,
  record(attribution, options) {
    const { tape } = attribution;
    const blocks = attribution.blocksFrom(options);
    const matrices = attentionGradients(attribution, blocks).map((gradient, i) => {
      const weighted = tape.mul(gradient, tape.value(blocks[i]?.attention ?? ''));
      return meanOverHeads(attribution, tape.relu(weighted));
    });
    return rolloutMap(attribution, options, matrices, 'plain');
  },
};
