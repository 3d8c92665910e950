/** Reads the blocks of a transformer under the names of one family. */
import type { StateDictReader } from './state-dict-reader';
import type { AttentionInput, BlockWeights, LinearWeights } from './vit-weights';
import { EngineError } from '../../engine-error';

/** Names of a block's parts, relative to the block. */
export interface BlockNames {
  readonly attentionNorm: string;
  /** One packed product, a `torch.nn.MultiheadAttention` or three products. */
  readonly attention:
    | { readonly packed: string }
    | { readonly multihead: string }
    | { readonly query: string; readonly key: string; readonly value: string };
  readonly projection: string;
  readonly attentionScale?: string;
  readonly mlpNorm: string;
  readonly first: string;
  readonly second: string;
  readonly mlpScale?: string;
  /** Whether the family has no blocks without those scales. */
  readonly scalesAlways?: boolean;
}

/**
 * @param list what stands before a block's number, e.g. `blocks.`
 * @throws EngineError `model-unreadable` if there are no blocks, or weights of one are missing or misshapen.
 */
export function readBlocks(
  state: StateDictReader,
  list: string,
  names: BlockNames,
  dim: number,
  epsilon: number,
): BlockWeights[] {
  const count = state.count(list);
  if (count === 0) {
    throw new EngineError(
      'model-unreadable',
      `“${state.fileName}” has no transformer blocks (“${list}0.…”).`,
      'Check that the file holds the whole model and not only its head.',
    );
  }
  const blocks = Array.from({ length: count }, (_, i): BlockWeights => {
    const name = (part: string) => `${list}${i}.${part}`;
    const first = state.linear(name(names.first), dim);
    const [hidden = 0] = first.weight.dims;
    const scales = [names.attentionScale, names.mlpScale].filter((part) => part !== undefined);
    const isScaled = names.scalesAlways === true || scales.some((part) => state.has(name(part)));
    const scale = (part: string | undefined) =>
      part !== undefined && isScaled ? state.tensor(name(part), [dim]) : undefined;
    return {
      attentionNorm: state.norm(name(names.attentionNorm), dim, epsilon),
      attention: readAttention(state, `${list}${i}.`, names, dim),
      projection: state.linear(name(names.projection), dim, dim),
      attentionScale: scale(names.attentionScale),
      mlpNorm: state.norm(name(names.mlpNorm), dim, epsilon),
      mlp: { first, second: state.linear(name(names.second), hidden, dim) },
      mlpScale: scale(names.mlpScale),
    };
  });
  state.expectAlike(list, count);
  return blocks;
}

/** `in_proj_weight` and `in_proj_bias` of a `torch.nn.MultiheadAttention`. */
export function readMultihead(state: StateDictReader, name: string, dim: number): LinearWeights {
  return {
    weight: state.tensor(`${name}.in_proj_weight`, [3 * dim, dim]),
    bias: state.optional(`${name}.in_proj_bias`, [3 * dim]),
  };
}

function readAttention(
  state: StateDictReader,
  block: string,
  { attention }: BlockNames,
  dim: number,
): AttentionInput {
  if ('packed' in attention)
    return { packed: state.linear(block + attention.packed, dim, 3 * dim) };
  if ('multihead' in attention)
    return { packed: readMultihead(state, block + attention.multihead, dim) };
  return {
    query: state.linear(block + attention.query, dim, dim),
    key: state.linear(block + attention.key, dim, dim),
    value: state.linear(block + attention.value, dim, dim),
  };
}
