/**
 * timm's naming: ViT, DeiT (also distilled), fine-tuned MAE, DINOv2, CLIP and SigLIP towers, and
 * the original DINOv2 files, which use it too. Names: huggingface/pytorch-image-models,
 * `timm/models/vision_transformer.py`; facebookresearch/dinov2.
 */
import { readBlocks } from './blocks';
import { readHead } from './head-weights';
import { blockFacts } from './block-facts';
import type { ArchitectureFacts } from './facts';
import type { ModelConfig } from './model-config';
import { patchFacts, positionOf } from './shape-facts';
import type { StateDictReader } from './state-dict-reader';
import { readAttentionPool, readoutOf } from './timm-readout';
import type { PositionResize, VitWeights } from './vit-weights';
import type { CheckpointTensor } from '../checkpoint/tensor';

const blockNames = {
  attentionNorm: 'norm1',
  attention: { packed: 'attn.qkv' },
  projection: 'attn.proj',
  attentionScale: 'ls1.gamma',
  mlpNorm: 'norm2',
  first: 'mlp.fc1',
  second: 'mlp.fc2',
  mlpScale: 'ls2.gamma',
} as const;

/** timm's architectures with the tanh form of GELU; their config.json does not say it otherwise. */
const tanhArchitectures =
  /^vit_(base_patch32|giantopt_patch16|so400m_patch16)_siglip|^vit_large_patch16_siglip_(gap_)?512/;

/** Decoder of a pretrained MAE, mask tokens, counters: not in the way from image to class. */
const harmless =
  /^(decoder_|mask_token$|decoder\.|head(_bn|\.0)\.num_batches_tracked$|pre_logits\.|_pos_src$)/;

export function isTimmVit(state: StateDictReader): boolean {
  return state.has('patch_embed.proj.weight') && state.has('blocks.0.norm1.weight');
}

/** @throws EngineError `model-unreadable` or `model-not-a-vit` */
export function readTimmVit(state: StateDictReader, facts: ArchitectureFacts): VitWeights {
  const isClip = state.has('norm_pre.weight');
  const { dim, patchSize, patch } = patchFacts(state, 'patch_embed.proj', !isClip);
  const tokens = (name: string) => (state.has(name) ? state.tokens(name, dim) : undefined);
  const classToken = tokens('cls_token');
  const distillationToken = tokens('dist_token');
  // The first name is timm's, the second that of the DINOv2 repository.
  const registers = tokens('reg_token') ?? tokens('register_tokens');
  const positioned = [classToken, distillationToken].filter((token) => token !== undefined);
  const { heads, activation, epsilon } = blockFacts(dim, facts, {
    activation: tanhArchitectures.test(facts.config.timmName ?? '') ? 'gelu-tanh' : 'gelu',
    epsilon: isClip ? 1e-5 : 1e-6,
    whose: isClip ? 'timm’s CLIP towers' : 'timm’s ViTs',
  });
  const position = positionOf(
    state.tokens('pos_embed', dim),
    [positioned.length, 0, positioned.length + rowsOf(registers)],
    patchSize,
    facts,
    resizeOf(state),
  );
  const pool = state.has('attn_pool.latent') ? readAttentionPool(state, dim, epsilon) : undefined;
  const head = readHead(state, [dim, 2 * dim]);
  expectFinalNorm(state, facts.config);
  const { tokens: before, registers: after } = arrange(positioned, registers, position.prefix);
  const weights: VitWeights = {
    architecture: nameOf(state, facts.config, classToken !== undefined, pool !== undefined),
    heads,
    activation,
    patch,
    positionedTokens: before,
    registers: after,
    position,
    embeddingNorm: isClip ? state.norm('norm_pre', dim, epsilon) : undefined,
    blocks: readBlocks(state, 'blocks.', blockNames, dim, epsilon),
    tokenNorm: state.has('norm.weight') ? state.norm('norm', dim, epsilon) : undefined,
    readout: readoutOf(state, facts, head?.linear.weight, pool),
    readoutNorm: state.has('fc_norm.weight') ? state.norm('fc_norm', dim, epsilon) : undefined,
    head,
  };
  state.expectNothingLeft(harmless);
  return weights;
}

/** timm normalises all tokens or what the head reads of them; only `final_norm=False` leaves both out. */
function expectFinalNorm(state: StateDictReader, config: ModelConfig): void {
  if (['norm.weight', 'fc_norm.weight'].some((name) => state.has(name))) return;
  if (config.flag('final_norm') === false) return;
  throw state.missing(
    'norm.weight',
    '',
    'Check that the file is complete. Of a model without a final norm, let a config.json beside it say so: {"model_args": {"final_norm": false}}.',
  );
}

function rowsOf(tensor: CheckpointTensor | undefined): number {
  return tensor?.dims[0] ?? 0;
}

/** Which tokens get a position: all, those before the registers, or none (`no_embed_class`). */
function arrange(
  positioned: readonly CheckpointTensor[],
  registers: CheckpointTensor | undefined,
  prefix: number,
): { tokens: readonly CheckpointTensor[]; registers: CheckpointTensor | undefined } {
  const all = registers ? [...positioned, registers] : positioned;
  if (registers === undefined || prefix === positioned.length || prefix === 0)
    return { tokens: positioned, registers };
  return { tokens: all, registers: undefined };
}

function isOriginalDinov2(state: StateDictReader): boolean {
  return state.has('mask_token') && state.has('blocks.0.ls1.gamma');
}

function resizeOf(state: StateDictReader): PositionResize {
  if (isOriginalDinov2(state) && !state.has('register_tokens'))
    return { antialias: false, offset: 0.1 };
  return { antialias: true, offset: 0 };
}

function nameOf(
  state: StateDictReader,
  config: ModelConfig,
  hasClassToken: boolean,
  hasPool: boolean,
): string {
  if (hasPool) return 'SigLIP vision (timm)';
  if (state.has('norm_pre.weight')) return 'CLIP vision (timm)';
  if (state.has('dist_token')) return 'DeiT, distilled';
  const registers = state.has('reg_token') || state.has('register_tokens');
  const isDinov2 = config.timmName?.includes('dinov2') ?? isOriginalDinov2(state);
  if (isDinov2) return registers ? 'DINOv2 with registers' : 'DINOv2';
  if (state.has('head.0.running_mean') || state.has('head_bn.running_mean'))
    return 'MAE with linear probe';
  if (registers) return 'ViT with registers';
  return hasClassToken ? 'ViT' : 'ViT without class token';
}
