/**
 * torchvision's naming of ViT. Names: pytorch/vision, `torchvision/models/vision_transformer.py`;
 * the published files still have the older names of the MLP (`linear_1`, `linear_2`).
 */
import { readBlocks } from './blocks';
import { blockFacts } from './block-facts';
import type { ArchitectureFacts } from './facts';
import { readLinearHead } from './head-weights';
import { patchFacts, positionOf } from './shape-facts';
import type { StateDictReader } from './state-dict-reader';
import type { VitWeights } from './vit-weights';

const blockNames = {
  attentionNorm: 'ln_1',
  attention: { multihead: 'self_attention' },
  projection: 'self_attention.out_proj',
  mlpNorm: 'ln_2',
  first: 'mlp.0',
  second: 'mlp.3',
} as const;

const olderBlockNames = { ...blockNames, first: 'mlp.linear_1', second: 'mlp.linear_2' } as const;

const layers = 'encoder.layers.encoder_layer_';

export function isTorchvisionVit(state: StateDictReader): boolean {
  return state.has('conv_proj.weight') && state.has(`${layers}0.ln_1.weight`);
}

/** @throws EngineError `model-unreadable` or `model-not-a-vit` */
export function readTorchvisionVit(state: StateDictReader, facts: ArchitectureFacts): VitWeights {
  const { dim, patchSize, patch } = patchFacts(state, 'conv_proj');
  const { heads, activation, epsilon } = blockFacts(dim, facts, {
    activation: 'gelu',
    epsilon: 1e-6,
    whose: 'torchvision’s ViTs',
  });
  const names = state.has(`${layers}0.mlp.linear_1.weight`) ? olderBlockNames : blockNames;
  const weights: VitWeights = {
    architecture: 'ViT (torchvision)',
    heads,
    activation,
    patch,
    positionedTokens: [state.tokens('class_token', dim)],
    position: positionOf(state.tokens('encoder.pos_embedding', dim), [1], patchSize, facts),
    blocks: readBlocks(state, layers, names, dim, epsilon),
    tokenNorm: state.norm('encoder.ln', dim, epsilon),
    readout: { kind: 'class-token' },
    head: readLinearHead(state, 'heads.head', dim),
  };
  state.expectNothingLeft(/^$/);
  return weights;
}
