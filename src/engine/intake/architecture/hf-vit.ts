/**
 * Hugging Face's naming of ViT, DeiT (also with its distillation teacher) and the ViTMAE encoder.
 * Names: huggingface/transformers, `models/{vit,deit,vit_mae}/modeling_*.py`.
 */
import { readBlocks } from './blocks';
import { blockFacts } from './block-facts';
import type { ArchitectureFacts } from './facts';
import { readLinearHead } from './head-weights';
import { nestedAttention } from './hugging-face-names';
import { patchFacts, positionOf } from './shape-facts';
import type { StateDictReader } from './state-dict-reader';
import type { HeadWeights, VitWeights } from './vit-weights';

const blockNames = {
  attentionNorm: 'layernorm_before',
  ...nestedAttention,
  mlpNorm: 'layernorm_after',
  first: 'intermediate.dense',
  second: 'output.dense',
} as const;

/** The pooler and the decoder take no part in the way from image to class. */
const harmless = /^((vit|deit)\.)?(pooler\.|embeddings\.mask_token$|decoder\.)/;

/** The prefix of the encoder's names, or undefined if this is another model. */
export function hfVitPrefix(has: (name: string) => boolean): string | undefined {
  return ['vit.', 'deit.', ''].find((prefix) =>
    has(`${prefix}encoder.layer.0.layernorm_before.weight`),
  );
}

/**
 * @param state the whole file
 * @param encoder the same file, with the encoder's prefix put before every name
 * @throws EngineError `model-unreadable` or `model-not-a-vit`
 */
export function readHfVit(
  state: StateDictReader,
  encoder: StateDictReader,
  facts: ArchitectureFacts,
): VitWeights {
  const { dim, patchSize, patch } = patchFacts(encoder, 'embeddings.patch_embeddings.projection');
  const { heads, activation, epsilon } = blockFacts(dim, facts, {
    activation: 'gelu',
    epsilon: 1e-12,
    whose: 'Hugging Face’s ViTs',
  });
  const isDistilled = encoder.has('embeddings.distillation_token');
  const tokens = [encoder.tokens('embeddings.cls_token', dim)];
  if (isDistilled) tokens.push(encoder.tokens('embeddings.distillation_token', dim));
  const isMae = facts.config.modelType === 'vit_mae' || state.has('decoder.mask_token');
  const head = readClassifier(state, dim);
  if (head && encoder.has('pooler.dense.weight') && facts.stated.readout === undefined) {
    const reason = 'image classifiers read it as it is, and leave the pooler beside it out';
    facts.assume('readout', 'readout', 'class-token', 'class token', reason);
  }
  const weights: VitWeights = {
    architecture: isMae ? 'ViTMAE encoder' : isDistilled ? 'DeiT' : 'ViT',
    heads,
    activation,
    patch,
    positionedTokens: tokens,
    position: positionOf(
      encoder.tokens('embeddings.position_embeddings', dim),
      [tokens.length],
      patchSize,
      facts,
    ),
    blocks: readBlocks(encoder, 'encoder.layer.', blockNames, dim, epsilon),
    tokenNorm: encoder.norm('layernorm', dim, epsilon),
    readout: { kind: head?.distillation ? 'class+distillation' : 'class-token' },
    head,
  };
  state.expectNothingLeft(harmless);
  return weights;
}

function readClassifier(state: StateDictReader, dim: number): HeadWeights | undefined {
  const taught = readLinearHead(state, 'cls_classifier', dim);
  if (!taught) return readLinearHead(state, 'classifier', dim);
  const [classes] = taught.linear.weight.dims;
  return { ...taught, distillation: state.linear('distillation_classifier', dim, classes) };
}
