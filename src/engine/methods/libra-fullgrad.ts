import { ancestors, descendants } from '../vit/reach';
import type { Attribution } from './attribution';
import { inputsTimesGradients, overFeatures } from './block-inputs';
import type { Method } from './method';
import { patchGrid } from './token-matrices';

/**
 * Σ_l Σ_d h_l ⊙ g_l plus every bias of the blocks times its gradient, token by token, under the
 * rules of LibraGrad (Mehri et al. 2025), started from the softmax probability.
 */
export const libraFullgrad: Method = {
  info: {
    id: 'libra_fullgrad',
    name: 'Libra FullGrad+',
    sentence:
      'What each patch adds to or takes from the class’s probability, summed over all blocks.',
    paper: {
      title:
        'LibraGrad: Balancing Gradient Flow for Universally Better Vision Transformer Attributions',
      authors: 'Mehri, Baghshah, Pilehvar',
      year: 2025,
      url: 'https://arxiv.org/abs/2411.16760',
    },
    classSpecific: true,
    cost: 2,
    misleads:
      'Where the model is almost certain the probability hardly moves, and the map is faint.',
    signed: true,
    pixels: false,
  },
  seed: 'probability',
  record(attribution) {
    const { structure } = attribution;
    const inputs = structure.blocks.map((block) => block.input);
    const biases = tokenBiases(attribution);
    const found = attribution.walk('libra', [...inputs, ...biases.map(({ tensor }) => tensor)]);
    const parts = inputsTimesGradients(attribution, found);
    for (const { tensor, bias } of biases) {
      const gradient = found.whole(tensor);
      if (gradient !== undefined) parts.push(overFeatures(attribution, gradient, bias));
    }
    const row = parts.reduce((sum, part) => attribution.tape.add(sum, part));
    return patchGrid(attribution, row);
  },
};

/** Every tensor of the blocks that comes out of a node with a bias, one row a token. */
function tokenBiases(attribution: Attribution): { tensor: string; bias: string }[] {
  const { graph, tape, structure } = attribution;
  const first = structure.blocks[0]?.input ?? '';
  const last = structure.blocks.at(-1)?.output ?? '';
  const behind = descendants(attribution, [first]);
  const before = ancestors(attribution, [last]);
  return graph.nodes.flatMap((node) => {
    const [tensor = ''] = node.outputs;
    if (!behind.has(tensor) || !before.has(tensor)) return [];
    const bias = biasOf(node.op, node.inputs, (name) => tape.isConstant(name));
    if (bias === undefined || tape.shape(bias).length !== 1) return [];
    const rows = tape
      .shape(tensor)
      .slice(0, -1)
      .reduce((total, dim) => total * dim, 1);
    return rows === structure.tokens ? [{ tensor, bias }] : [];
  });
}

function biasOf(
  op: string,
  inputs: readonly string[],
  isConstant: (name: string) => boolean,
): string | undefined {
  if (op === 'Gemm' || op === 'LayerNormalization') return inputs[2] === '' ? undefined : inputs[2];
  if (op === 'Add') return inputs.find(isConstant);
  return undefined;
}
