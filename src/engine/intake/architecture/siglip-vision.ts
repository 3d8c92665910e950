/**
 * Hugging Face's naming of SigLIP's vision tower. Without a classifier its features are what the
 * attention pooling reads; SiglipForImageClassification reads the mean of the patches instead.
 * Names: huggingface/transformers, `models/siglip/modeling_siglip.py`.
 */
import { readBlocks, readMultihead } from './blocks';
import { blockFacts } from './block-facts';
import type { ArchitectureFacts } from './facts';
import { readLinearHead } from './head-weights';
import { towerBlock } from './hugging-face-names';
import { patchFacts, positionOf } from './shape-facts';
import { unpacked } from './state-dict-reader';
import type { StateDictReader } from './state-dict-reader';
import type { ReadoutWeights, VitWeights } from './vit-weights';

/** The text tower and the temperature don't see the image. */
const harmless = /^(text_model\.|logit_scale$|logit_bias$)|(^|\.)position_ids$/;

/** The prefix of the tower's names, or undefined if this is another model. */
export function siglipPrefix(has: (name: string) => boolean): string | undefined {
  return ['vision_model.', ''].find(
    (prefix) =>
      has(`${prefix}embeddings.position_embedding.weight`) &&
      !has(`${prefix}embeddings.class_embedding`) &&
      has(`${prefix}post_layernorm.weight`),
  );
}

/** @throws EngineError `model-unreadable` or `model-not-a-vit` */
export function readSiglip(
  state: StateDictReader,
  tower: StateDictReader,
  facts: ArchitectureFacts,
): VitWeights {
  const { dim, patchSize, patch } = patchFacts(tower, 'embeddings.patch_embedding');
  const { heads, activation, epsilon } = blockFacts(dim, facts, {
    activation: 'gelu-tanh',
    epsilon: 1e-6,
    whose: 'the published SigLIP models',
  });
  const hasClassifier = state.has('classifier.weight');
  const weights: VitWeights = {
    architecture: 'SigLIP vision',
    heads,
    activation,
    patch,
    positionedTokens: [],
    position: positionOf(
      tower.tokens('embeddings.position_embedding.weight', dim),
      [0],
      patchSize,
      facts,
    ),
    blocks: readBlocks(tower, 'encoder.layers.', towerBlock, dim, epsilon),
    tokenNorm: tower.norm('post_layernorm', dim, epsilon),
    readout: readoutOf(tower, dim, epsilon, hasClassifier),
    head: readLinearHead(state, 'classifier', dim),
  };
  state.expectNothingLeft(harmless);
  return weights;
}

function readoutOf(
  tower: StateDictReader,
  dim: number,
  epsilon: number,
  hasClassifier: boolean,
): ReadoutWeights {
  if (!tower.has('head.probe')) return { kind: 'patch-mean' };
  // Read in any case: a classifier's file may still carry the pooling that it does not use.
  const first = tower.biased('head.mlp.fc1', dim);
  const pool = {
    probe: tower.tokens('head.probe', dim),
    ...unpacked(readMultihead(tower, 'head.attention', dim)),
    projection: tower.biased('head.attention.out_proj', dim, dim),
    norm: tower.norm('head.layernorm', dim, epsilon),
    mlp: { first, second: tower.biased('head.mlp.fc2', first.weight.dims[0] ?? 0, dim) },
  };
  return hasClassifier ? { kind: 'patch-mean' } : { kind: 'attention-pool', pool };
}
