/** What of the tokens a head in timm's naming reads. */
import type { ArchitectureFacts } from './facts';
import type { StateDictReader } from './state-dict-reader';
import type { AttentionPoolWeights, ReadoutWeights } from './vit-weights';
import { rows } from '../checkpoint/tensor';
import type { CheckpointTensor } from '../checkpoint/tensor';
import { EngineError } from '../../engine-error';
import { sizeOf } from '../../onnx/tensor-bytes';

/**
 * @param head the weights of the head, `[classes, width]`
 * @throws EngineError `model-not-a-vit` for a pooling that is not known
 */
export function readoutOf(
  state: StateDictReader,
  facts: ArchitectureFacts,
  head: CheckpointTensor | undefined,
  pool: AttentionPoolWeights | undefined,
): ReadoutWeights {
  if (pool) return { kind: 'attention-pool', pool };
  const { config } = facts;
  const isSaid = facts.stated.readout !== undefined || config.timmName !== undefined;
  if (state.has('head_dist.weight')) {
    if (!isSaid) {
      const reason = 'DeiT is evaluated with the mean of its two heads';
      facts.assume('readout', 'readout', undefined, 'class and distillation token', reason);
    }
    return { kind: 'class+distillation' };
  }
  const [, width = 0] = head?.dims ?? [];
  if (width > 0 && width === 2 * (state.tensor('patch_embed.proj.weight').dims[0] ?? 0))
    return { kind: 'class-token+patch-mean' };
  const pooling = config.text('global_pool');
  if (pooling !== undefined && !['', 'token', 'avg', 'map'].includes(pooling)) {
    throw new EngineError(
      'model-not-a-vit',
      `“${state.fileName}” pools its tokens by “${pooling}”, which is not known here.`,
      'Export the model to ONNX; any ViT in ONNX is explained as it is.',
    );
  }
  const odd = config.misread('global_pool');
  if (pooling === 'avg' || !state.has('cls_token') || state.has('fc_norm.weight'))
    return { kind: 'patch-mean' };
  if (pooling === undefined && (odd === undefined ? !isSaid : facts.stated.readout === undefined)) {
    const custom = 'it has one, and no norm of its own before the head as a mean of patches would';
    const reason = odd === undefined ? custom : `${custom}, and ${odd}`;
    facts.assume('readout', 'readout', 'class-token', 'class token', reason);
  }
  return { kind: 'class-token' };
}

export function readAttentionPool(
  state: StateDictReader,
  dim: number,
  epsilon: number,
): AttentionPoolWeights {
  const both = state.biased('attn_pool.kv', dim, 2 * dim);
  const half = (start: number) => ({
    weight: rows(both.weight, start, dim),
    bias: both.bias && rows(both.bias, start, dim),
  });
  const first = state.biased('attn_pool.mlp.fc1', dim);
  return {
    probe: state.tokens('attn_pool.latent', dim),
    query: state.biased('attn_pool.q', dim, dim),
    key: half(0),
    value: half(dim),
    projection: state.biased('attn_pool.proj', dim, dim),
    norm: state.norm('attn_pool.norm', dim, epsilon),
    mlp: { first, second: state.biased('attn_pool.mlp.fc2', sizeOf(first.weight.dims) / dim, dim) },
  };
}
