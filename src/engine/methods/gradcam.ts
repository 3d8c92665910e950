/** Grad-CAM on a ViT: the two definitions in use. */
import { attentionGradients } from './attention-relevance';
import type { Method } from './method';
import { gradCam } from './papers';
import { classAxisPlaceholder } from '../backward/tape';
import { sizeOf } from '../onnx/tensor-bytes';
import { noBetterThanCentre } from './measured';

const shared = { paper: gradCam, classSpecific: true, signed: false, pixels: false } as const;

/**
 * Tokens of the last block's first LayerNorm, weighted per channel by their gradient averaged over
 * the patches; ReLU (jacobgil/pytorch-grad-cam).
 */
export const gradcam: Method = {
  info: {
    ...shared,
    id: 'gradcam',
    name: 'Grad-CAM',
    sentence: 'Patches whose features, entering the last block, push the class’s score up.',
    cost: 1,
    misleads: 'One weight per channel blurs what single patches contribute.',
    caution: noBetterThanCentre,
  },
  unavailable: ({ blocks }) =>
    blocks.at(-1)?.firstNorm === undefined
      ? 'No LayerNorm was found before the last block’s attention (post-norm models have none there).'
      : undefined,
  record(attribution) {
    const { tape, structure } = attribution;
    const { grid, prefixTokens, dim } = structure;
    const norm = attribution.block(-1).firstNorm ?? '';
    const patches = grid[0] * grid[1];
    const found = attribution.walk('gradient', [norm]);
    const gradient = tape.reshape(attribution.cotangent(found, norm), [
      classAxisPlaceholder,
      structure.tokens,
      dim,
    ]);
    const weights = tape.mean(tape.slice(gradient, 1, prefixTokens, patches), [1]);
    const tokens = tape.reshape(tape.value(norm), [1, structure.tokens, dim]);
    const features = tape.slice(tokens, 1, prefixTokens, patches);
    const map = tape.relu(tape.matmul(weights, features, { transB: true }));
    return tape.reshape(map, [classAxisPlaceholder, ...grid]);
  },
};

/**
 * The last block's attention from the CLS token to the patches, each head weighted by the mean of
 * its gradient there; mean over heads, ReLU (the Grad-CAM baseline of Chefer et al. 2021).
 */
export const gradcamAttention: Method = {
  info: {
    ...shared,
    id: 'gradcam_attention',
    name: 'Grad-CAM on attention',
    sentence: 'The last block’s attention, its heads weighted by their gradient for the class.',
    cost: 1,
    misleads:
      'Heads with a negative mean gradient can wipe out the map: on 33 of 300 photos it was empty.',
    caution: noBetterThanCentre,
  },
  unavailable: ({ readout }) =>
    readout.kind === 'token' || readout.kind === 'token+mean'
      ? undefined
      : 'The model’s readout is not one token whose attention could be weighted.',
  record(attribution) {
    const { tape, structure } = attribution;
    const { grid, prefixTokens, tokens, readout } = structure;
    const patches = grid[0] * grid[1];
    const row = readout.kind === 'token' || readout.kind === 'token+mean' ? readout.row : 0;
    const block = attribution.block(-1);
    // Blocks may have different numbers of heads, where some were pruned.
    const heads = sizeOf(tape.shape(block.attention).slice(0, -2));
    const pick = (name: string, classes: number) => {
      const all = tape.reshape(name, [classes, heads, tokens, tokens]);
      return tape.slice(tape.slice(all, 2, row, 1), 3, prefixTokens, patches);
    };
    const [gradient = ''] = attentionGradients(attribution, [block]);
    const weights = tape.mean(pick(gradient, classAxisPlaceholder), [3]);
    const weighted = tape.mul(weights, pick(tape.value(block.attention), 1));
    const map = tape.relu(tape.mean(weighted, [1], false));
    return tape.reshape(map, [classAxisPlaceholder, ...grid]);
  },
};
