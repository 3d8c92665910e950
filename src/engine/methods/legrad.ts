import { classAxisPlaceholder } from '../backward/tape';
import type { GraphNode } from '../onnx/graph';
import { ancestors, descendants } from '../vit/reach';
import type { Attribution } from './attribution';
import type { Method } from './method';
import { patchGrid } from './token-matrices';

/**
 * Σ_l mean over heads and queries of relu(∂y^l/∂A_l), where y^l is the class's score that the model's
 * own head gives the tokens behind block l (Bousselham et al. 2024). Their code reads the mean of all
 * tokens there, also of models with a class token; the paper's definition is the model's readout.
 */
export const legrad: Method = {
  info: {
    id: 'legrad',
    name: 'LeGrad',
    sentence: 'Where more attention would raise the class’s score, read off behind every block.',
    paper: {
      title:
        'LeGrad: An Explainability Method for Vision Transformers via Feature Formation Sensitivity',
      authors: 'Bousselham, Boggust, Chaybouti, Strobelt, Kuehne',
      year: 2024,
      url: 'https://arxiv.org/abs/2404.03214',
    },
    classSpecific: true,
    cost: 1.3,
    misleads:
      'The head was trained for the last block: what it says of the tokens behind earlier ones is a guess.',
    signed: false,
    pixels: false,
  },
  record(attribution) {
    const { tape, structure } = attribution;
    const { blocks, logits, tokens } = structure;
    const end = attribution.block(-1).output;
    const head = between(attribution, end, logits);
    const parts = blocks.map(({ attention, output }) => {
      const from = output === end ? logits : tape.graft(head, end, output, logits);
      const found = attribution.walk('gradient', [attention], { from, seed: attribution.seed });
      const upward = tape.relu(attribution.cotangent(found, attention));
      const rank = tape.shape(upward).length;
      const mean = tape.mean(upward, [rank - 3, rank - 2]);
      return tape.reshape(mean, [classAxisPlaceholder, 1, tokens]);
    });
    return patchGrid(
      attribution,
      parts.reduce((sum, part) => tape.add(sum, part)),
    );
  },
};

/** The nodes that make one tensor from another. */
function between(attribution: Attribution, from: string, to: string): readonly GraphNode[] {
  const behind = descendants(attribution, [from]);
  const before = ancestors(attribution, [to]);
  return attribution.graph.nodes.filter(
    ({ inputs, outputs }) =>
      inputs.some((name) => behind.has(name)) && outputs.some((name) => before.has(name)),
  );
}
