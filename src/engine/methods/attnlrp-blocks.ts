import { inputsTimesGradients } from './block-inputs';
import type { Method } from './method';
import { attnlrpPaper } from './papers';
import { patchGrid } from './token-matrices';

/**
 * Σ_l Σ_d h_l ⊙ g_l over the inputs of all blocks, under the rules of AttnLRP (Achtibat et al. 2024),
 * started from the logit: the relevance that passes each patch's place at every depth, where AttnLRP
 * itself takes that of the pixels alone. No bias terms; tokens that are no patches are left out.
 */
export const attnlrpBlocks: Method = {
  info: {
    id: 'attnlrp_blocks',
    name: 'AttnLRP over all blocks',
    sentence:
      'What passes each patch’s place for or against the class’s score, summed over all blocks.',
    paper: attnlrpPaper,
    classSpecific: true,
    cost: 2,
    misleads:
      'For a second, weaker class it points less surely than Libra FullGrad+: the score is also raised by what classes share.',
    signed: true,
    pixels: false,
  },
  record(attribution) {
    const inputs = attribution.structure.blocks.map(({ input }) => input);
    const parts = inputsTimesGradients(attribution, attribution.walk('attnlrp', inputs));
    return patchGrid(
      attribution,
      parts.reduce((sum, part) => attribution.tape.add(sum, part)),
    );
  },
};
