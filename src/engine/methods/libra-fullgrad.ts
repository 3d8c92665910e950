import { ancestors } from '../vit/reach';
import { affineMap } from './affine-map';
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
      'Where two classes share the probability, one’s map is nearly the negative of the other’s; where the model is almost certain, it is faint.',
    signed: true,
    pixels: false,
  },
  seed: 'probability',
  promise: 'answer',
  record(attribution) {
    const { tape, structure } = attribution;
    const inputs = structure.blocks.map((block) => block.input);
    const { biases, isWhole } = affineMap(attribution, inputs[0] ?? '');
    const found = attribution.walk('libra', [...inputs, ...biases.map(({ tensor }) => tensor)]);
    const parts = inputsTimesGradients(attribution, found);
    const rest: string[] = [];
    const inBlocks = ancestors(attribution, [structure.blocks.at(-1)?.output ?? '']);
    const [first = ''] = parts;
    for (const { tensor, value } of biases) {
      const gradient = found.whole(tensor);
      if (gradient === undefined) continue;
      if (inBlocks.has(tensor) && isRowAToken(attribution, tensor, value))
        parts.push(overFeatures(attribution, gradient, value));
      else rest.push(sumOfProduct(attribution, gradient, value));
    }
    const row = sumOf(attribution, parts);
    if (isWhole) {
      const ofTokens = [first, ...parts.slice(inputs.length)];
      const total = tape.sum(sumOf(attribution, ofTokens), [1, 2], false);
      attribution.total = sumOf(attribution, [total, ...rest]);
    }
    return patchGrid(attribution, row);
  },
};

function sumOf({ tape }: Attribution, parts: readonly string[]): string {
  return parts.reduce((sum, part) => tape.add(sum, part));
}

/** Whether a tensor has a row of features for every token, and the bias is one for all of them. */
function isRowAToken({ tape, structure }: Attribution, tensor: string, bias: string): boolean {
  const rows = tape
    .shape(tensor)
    .slice(0, -1)
    .reduce((total, dim) => total * dim, 1);
  return rows === structure.tokens && tape.shape(bias).length === 1;
}

/** Σ gradient ⊙ bias over everything but the class, `[K]`. */
function sumOfProduct({ tape }: Attribution, gradient: string, bias: string): string {
  const axes = tape.shape(gradient).map((_, axis) => axis);
  return tape.sum(tape.mul(gradient, bias), axes.slice(1), false);
}
