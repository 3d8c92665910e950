/**
 * Hugging Face's naming of DINOv2, with and without registers, and the variant of it that the
 * approximated-LRP research code uses (`layers.N.attention.qkv`, `norm`). The head reads the class
 * token and the mean of the patches. Names: huggingface/transformers, `models/dinov2*`;
 * mxz2013/ViT-explainability-approximated-LRP, `baselines/ViT/DINOv2_LRP.py`.
 */
import { readBlocks } from './blocks';
import { blockFacts } from './block-facts';
import type { ArchitectureFacts } from './facts';
import { readLinearHead } from './head-weights';
import { nestedAttention } from './hugging-face-names';
import { patchFacts, positionOf } from './shape-facts';
import type { StateDictReader } from './state-dict-reader';
import type { VitWeights } from './vit-weights';

const sharedNames = {
  attentionNorm: 'norm1',
  attentionScale: 'layer_scale1.lambda1',
  mlpNorm: 'norm2',
  first: 'mlp.fc1',
  second: 'mlp.fc2',
  mlpScale: 'layer_scale2.lambda1',
  scalesAlways: true,
} as const;

const blockNames = {
  ...sharedNames,
  ...nestedAttention,
} as const;

const researchBlockNames = {
  ...sharedNames,
  attention: { packed: 'attention.qkv' },
  projection: 'attention.proj',
} as const;

const harmless = /embeddings\.mask_token$|^_pos_src$/;

/** The prefix of the encoder's names, or undefined if this is another model. */
export function dinov2Prefix(has: (name: string) => boolean): string | undefined {
  return ['dinov2.', 'dinov2_with_registers.', ''].find(
    (prefix) =>
      has(`${prefix}embeddings.cls_token`) &&
      (has(`${prefix}encoder.layer.0.norm1.weight`) || has(`${prefix}layers.0.norm1.weight`)),
  );
}

/**
 * @param state the whole file
 * @param encoder the same file, with the encoder's prefix put before every name
 * @throws EngineError `model-unreadable` or `model-not-a-vit`
 */
export function readDinov2(
  state: StateDictReader,
  encoder: StateDictReader,
  facts: ArchitectureFacts,
): VitWeights {
  const { dim, patchSize, patch } = patchFacts(encoder, 'embeddings.patch_embeddings.projection');
  const { heads, activation, epsilon } = blockFacts(dim, facts, {
    activation: 'gelu',
    epsilon: 1e-6,
    whose: 'the DINOv2 models',
  });
  const isResearch = encoder.has('layers.0.norm1.weight');
  const hasRegisters =
    encoder.has('embeddings.register_tokens') || facts.config.modelType === 'dinov2_with_registers';
  const weights: VitWeights = {
    architecture: hasRegisters ? 'DINOv2 with registers' : 'DINOv2',
    heads,
    activation,
    patch,
    positionedTokens: [encoder.tokens('embeddings.cls_token', dim)],
    registers: hasRegisters ? encoder.tokens('embeddings.register_tokens', dim) : undefined,
    position: positionOf(
      encoder.tokens('embeddings.position_embeddings', dim),
      [1],
      patchSize,
      facts,
      // With registers the model was trained with a low-pass; Hugging Face follows that.
      { antialias: hasRegisters, offset: 0 },
    ),
    blocks: isResearch
      ? readBlocks(encoder, 'layers.', researchBlockNames, dim, epsilon)
      : readBlocks(encoder, 'encoder.layer.', blockNames, dim, epsilon),
    tokenNorm: encoder.norm(isResearch ? 'norm' : 'layernorm', dim, epsilon),
    readout: { kind: 'class-token+patch-mean' },
    head: readLinearHead(state, 'classifier', 2 * dim),
  };
  state.expectNothingLeft(harmless);
  return weights;
}
