/**
 * CLIP's vision tower: Hugging Face's naming, OpenAI's (also under `visual.` and, in linear-probe
 * files of the approximated-LRP research code, `clip_visual.`), and that code's own class.
 * Names: huggingface/transformers, `models/clip/modeling_clip.py`; openai/CLIP, `clip/model.py`;
 * mxz2013/ViT-explainability-approximated-LRP, `baselines/ViT/CLIP_LRP.py`.
 */
import { readBlocks } from './blocks';
import { readHead } from './mae-probe';
import { blockFacts } from './block-facts';
import type { BlockHabits } from './block-facts';
import type { ArchitectureFacts } from './facts';
import { patchFacts, positionOf } from './shape-facts';
import type { StateDictReader } from './state-dict-reader';
import type { HeadWeights, LinearWeights, VitWeights } from './vit-weights';
import { transposed } from '../checkpoint/tensor';

const openaiBlockNames = {
  attentionNorm: 'ln_1',
  attention: { multihead: 'attn' },
  projection: 'attn.out_proj',
  mlpNorm: 'ln_2',
  first: 'mlp.c_fc',
  second: 'mlp.c_proj',
} as const;

const researchBlockNames = {
  ...openaiBlockNames,
  attention: { packed: 'attn.qkv' },
  projection: 'attn.proj',
} as const;

const hfBlockNames = {
  attentionNorm: 'layer_norm1',
  attention: { query: 'self_attn.q_proj', key: 'self_attn.k_proj', value: 'self_attn.v_proj' },
  projection: 'self_attn.out_proj',
  mlpNorm: 'layer_norm2',
  first: 'mlp.fc1',
  second: 'mlp.fc2',
} as const;

/** The text tower and the temperature don't see the image. */
const openaiHarmless =
  /^(transformer\.|token_embedding\.|positional_embedding$|ln_final\.|text_projection$|logit_scale$|logit_bias$|input_resolution$|context_length$|vocab_size$|text\.|attn_mask$)/;
const hfHarmless = /^(text_model\.|text_projection\.|logit_scale$)|(^|\.)position_ids$/;

const resize = { antialias: false, offset: 0 };

/** The prefix of OpenAI's names, or undefined if this is another model. */
export function openaiClipPrefix(has: (name: string) => boolean): string | undefined {
  return ['clip_visual.', 'visual.', ''].find(
    (prefix) => has(`${prefix}conv1.weight`) && has(`${prefix}transformer.resblocks.0.ln_1.weight`),
  );
}

/** @throws EngineError `model-unreadable` or `model-not-a-vit` */
export function readOpenaiClip(
  state: StateDictReader,
  tower: StateDictReader,
  facts: ArchitectureFacts,
): VitWeights {
  const isAlone = state.has('conv1.weight');
  const { dim, patchSize, patch } = patchFacts(tower, 'conv1', false);
  // Stored as [dim, width], the other way round than a linear layer.
  const stored = tower.optional('proj');
  const projection = stored && { weight: transposed(stored), bias: undefined };
  const weights = assemble(tower, facts, {
    dim,
    patch,
    habits: { activation: 'quick-gelu', epsilon: 1e-5, whose: 'OpenAI’s CLIP models' },
    classToken: 'class_embedding',
    position: positionOf(tower.tokens('positional_embedding', dim), [1], patchSize, facts, resize),
    embeddingNorm: 'ln_pre',
    blocks: ['transformer.resblocks.', openaiBlockNames],
    readoutNorm: 'ln_post',
    projection,
    head: readHead(state, [projection?.weight.dims[0] ?? dim]),
  });
  // Alone in a file, the tower's own names begin like the text tower's.
  state.expectNothingLeft(isAlone ? /^$/ : openaiHarmless);
  return weights;
}

export function isResearchClip(state: StateDictReader): boolean {
  return state.has('patch_embed.proj.weight') && state.has('blocks.0.ln_1.weight');
}

/** @throws EngineError `model-unreadable` or `model-not-a-vit` */
export function readResearchClip(state: StateDictReader, facts: ArchitectureFacts): VitWeights {
  const { dim, patchSize, patch } = patchFacts(state, 'patch_embed.proj', false);
  const projection = state.has('proj.weight') ? state.linear('proj', dim) : undefined;
  const weights = assemble(state, facts, {
    dim,
    patch,
    habits: { activation: 'gelu', epsilon: 1e-5, whose: 'that code’s CLIP models' },
    classToken: 'cls_token',
    position: positionOf(state.tokens('pos_embed', dim), [1], patchSize, facts, resize),
    embeddingNorm: 'ln_pre',
    blocks: ['blocks.', researchBlockNames],
    readoutNorm: 'ln_post',
    projection,
    head: readHead(state, [projection?.weight.dims[0] ?? dim]),
  });
  state.expectNothingLeft(/^$/);
  return weights;
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
  tower: StateDictReader,
  facts: ArchitectureFacts,
): VitWeights {
  const { dim, patchSize, patch } = patchFacts(tower, 'embeddings.patch_embedding', false);
  const position = positionOf(
    tower.tokens('embeddings.position_embedding.weight', dim),
    [1],
    patchSize,
    facts,
    resize,
  );
  const projection = state.has('visual_projection.weight')
    ? state.linear('visual_projection', dim)
    : undefined;
  const weights = assemble(tower, facts, {
    dim,
    patch,
    habits: { activation: 'quick-gelu', epsilon: 1e-5, whose: 'OpenAI’s CLIP models' },
    classToken: 'embeddings.class_embedding',
    position,
    // The missing letter is Hugging Face's.
    embeddingNorm: 'pre_layrnorm',
    blocks: ['encoder.layers.', hfBlockNames],
    readoutNorm: 'post_layernorm',
    projection,
    head: undefined,
  });
  const read = state.has('classifier.weight') ? asClassifier(state, weights, dim) : weights;
  state.expectNothingLeft(hfHarmless);
  return read;
}

/** CLIPForImageClassification reads the mean of the patches, past the last norm and the projection. */
function asClassifier(state: StateDictReader, weights: VitWeights, dim: number): VitWeights {
  return {
    ...weights,
    readout: { kind: 'patch-mean' },
    readoutNorm: undefined,
    projection: undefined,
    head: {
      standardisation: undefined,
      linear: state.linear('classifier', dim),
      distillation: undefined,
    },
  };
}

function assemble(
  tower: StateDictReader,
  facts: ArchitectureFacts,
  parts: {
    dim: number;
    patch: VitWeights['patch'];
    habits: BlockHabits;
    classToken: string;
    position: VitWeights['position'];
    embeddingNorm: string;
    blocks: readonly [list: string, names: Parameters<typeof readBlocks>[2]];
    readoutNorm: string;
    projection: LinearWeights | undefined;
    head: HeadWeights | undefined;
  },
): VitWeights {
  const { dim, blocks } = parts;
  const { heads, activation, epsilon } = blockFacts(dim, facts, parts.habits);
  return {
    architecture: 'CLIP vision',
    heads,
    activation,
    patch: parts.patch,
    positionedTokens: [tower.tokens(parts.classToken, dim)],
    registers: undefined,
    position: parts.position,
    embeddingNorm: tower.norm(parts.embeddingNorm, dim, epsilon),
    blocks: readBlocks(tower, blocks[0], blocks[1], dim, epsilon),
    tokenNorm: undefined,
    readout: { kind: 'class-token' },
    readoutNorm: tower.norm(parts.readoutNorm, dim, epsilon),
    projection: parts.projection,
    head: parts.head,
  };
}
