/**
 * CLIP's vision tower: Hugging Face's naming, OpenAI's (also under `visual.` and, in linear-probe
 * files of the approximated-LRP research code, `clip_visual.`), and that code's own class.
 * Names: huggingface/transformers, `models/clip/modeling_clip.py`; openai/CLIP, `clip/model.py`;
 * mxz2013/ViT-explainability-approximated-LRP, `baselines/ViT/CLIP_LRP.py`.
 */
import { readBlocks } from './blocks';
import type { BlockNames } from './blocks';
import { readHead, readLinearHead } from './head-weights';
import { blockFacts } from './block-facts';
import type { BlockHabits } from './block-facts';
import type { ArchitectureFacts } from './facts';
import { towerBlock } from './hugging-face-names';
import { patchFacts, positionOf } from './shape-facts';
import type { StateDictReader } from './state-dict-reader';
import type { VitWeights } from './vit-weights';
import { transposed } from '../checkpoint/tensor';

/** Where a naming has the parts of the tower. */
interface TowerNames {
  readonly patch: string;
  readonly classToken: string;
  readonly position: string;
  readonly embeddingNorm: string;
  /** What stands before a block's number. */
  readonly blocks: string;
  readonly block: BlockNames;
  readonly readoutNorm: string;
}

const openaiNames = {
  patch: 'conv1',
  classToken: 'class_embedding',
  position: 'positional_embedding',
  embeddingNorm: 'ln_pre',
  blocks: 'transformer.resblocks.',
  block: {
    attentionNorm: 'ln_1',
    attention: { multihead: 'attn' },
    projection: 'attn.out_proj',
    mlpNorm: 'ln_2',
    first: 'mlp.c_fc',
    second: 'mlp.c_proj',
  },
  readoutNorm: 'ln_post',
} as const satisfies TowerNames;

const researchNames: TowerNames = {
  ...openaiNames,
  patch: 'patch_embed.proj',
  classToken: 'cls_token',
  position: 'pos_embed',
  blocks: 'blocks.',
  block: { ...openaiNames.block, attention: { packed: 'attn.qkv' }, projection: 'attn.proj' },
};

const hfNames: TowerNames = {
  patch: 'embeddings.patch_embedding',
  classToken: 'embeddings.class_embedding',
  position: 'embeddings.position_embedding.weight',
  // The missing letter is Hugging Face's.
  embeddingNorm: 'pre_layrnorm',
  blocks: 'encoder.layers.',
  block: towerBlock,
  readoutNorm: 'post_layernorm',
};

const openaiHabits: BlockHabits = {
  activation: 'quick-gelu',
  epsilon: 1e-5,
  whose: 'OpenAI’s CLIP models',
};
const researchHabits: BlockHabits = {
  activation: 'gelu',
  epsilon: 1e-5,
  whose: 'that code’s CLIP models',
};

/** The text tower and the temperature don't see the image. */
const openaiHarmless =
  /^(transformer\.|token_embedding\.|positional_embedding$|ln_final\.|text_projection$|logit_scale$|logit_bias$|input_resolution$|context_length$|vocab_size$|text\.|attn_mask$)/;
const hfHarmless = /^(text_model\.|text_projection\.|logit_scale$)|(^|\.)position_ids$/;

/** The prefix of OpenAI's names, or undefined if this is another model. */
export function openaiClipPrefix(has: (name: string) => boolean): string | undefined {
  return ['clip_visual.', 'visual.', ''].find(
    (prefix) => has(`${prefix}conv1.weight`) && has(`${prefix}transformer.resblocks.0.ln_1.weight`),
  );
}

/** @throws EngineError `model-unreadable` or `model-not-a-vit` */
export function readOpenaiClip(
  state: StateDictReader,
  encoder: StateDictReader,
  facts: ArchitectureFacts,
): VitWeights {
  const tower = readTower(encoder, facts, openaiNames, openaiHabits);
  const { dim } = tower;
  // Stored as [dim, width], the other way round than a linear layer.
  const stored = encoder.optional('proj');
  const projection = stored && { weight: transposed(stored), bias: undefined };
  const head = readHead(state, [projection?.weight.dims[0] ?? dim]);
  // Alone in a file, the tower's own names begin like the text tower's.
  state.expectNothingLeft(state.has('conv1.weight') ? /^$/ : openaiHarmless);
  return { ...tower.weights, projection, head };
}

export function isResearchClip(state: StateDictReader): boolean {
  return state.has('patch_embed.proj.weight') && state.has('blocks.0.ln_1.weight');
}

/** @throws EngineError `model-unreadable` or `model-not-a-vit` */
export function readResearchClip(state: StateDictReader, facts: ArchitectureFacts): VitWeights {
  const { dim, weights } = readTower(state, facts, researchNames, researchHabits);
  const projection = state.has('proj.weight') ? state.linear('proj', dim) : undefined;
  const head = readHead(state, [projection?.weight.dims[0] ?? dim]);
  state.expectNothingLeft(/^$/);
  return { ...weights, projection, head };
}

/** The prefix of Hugging Face's names, or undefined if this is another model. */
export function hfClipPrefix(has: (name: string) => boolean): string | undefined {
  return ['vision_model.', ''].find(
    (prefix) => has(`${prefix}pre_layrnorm.weight`) && has(`${prefix}embeddings.class_embedding`),
  );
}

/** @throws EngineError `model-unreadable` or `model-not-a-vit` */
export function readHfClip(
  state: StateDictReader,
  encoder: StateDictReader,
  facts: ArchitectureFacts,
): VitWeights {
  const { dim, weights } = readTower(encoder, facts, hfNames, openaiHabits);
  const projection = state.has('visual_projection.weight')
    ? state.linear('visual_projection', dim)
    : undefined;
  const head = readLinearHead(state, 'classifier', dim);
  state.expectNothingLeft(hfHarmless);
  if (!head) return { ...weights, projection };
  // CLIPForImageClassification reads the mean of the patches, past the last norm and the projection.
  return { ...weights, readout: { kind: 'patch-mean' }, readoutNorm: undefined, head };
}

function readTower(
  state: StateDictReader,
  facts: ArchitectureFacts,
  names: TowerNames,
  habits: BlockHabits,
): { dim: number; weights: VitWeights } {
  const { dim, patchSize, patch } = patchFacts(state, names.patch, false);
  const { heads, activation, epsilon } = blockFacts(dim, facts, habits);
  const weights: VitWeights = {
    architecture: 'CLIP vision',
    heads,
    activation,
    patch,
    positionedTokens: [state.tokens(names.classToken, dim)],
    position: positionOf(state.tokens(names.position, dim), [1], patchSize, facts),
    embeddingNorm: state.norm(names.embeddingNorm, dim, epsilon),
    blocks: readBlocks(state, names.blocks, names.block, dim, epsilon),
    readout: { kind: 'class-token' },
    readoutNorm: state.norm(names.readoutNorm, dim, epsilon),
  };
  return { dim, weights };
}
