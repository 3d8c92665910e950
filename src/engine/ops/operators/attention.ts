/** Attention as one operator; canonical graphs have its products and its softmax. */
import { attention as ofQueries } from '../moves/product';
import { byPicture } from '../moves/reduction';
import type { Operator } from '../operator';
import type { ShapeRule } from '../shape-query';
import { withoutRule } from './forms';

/** Queries and values `[B, T, H·d]` or `[B, H, T, d]`. */
const attentionShape: ShapeRule = (query) => {
  const queries = query.input(0);
  const { q_num_heads: heads = 1, kv_num_heads: valueHeads = heads } = query.attributes;
  const width = (query.input(2).at(-1) ?? 0) * (queries.length === 3 ? heads / valueHeads : 1);
  return [[...queries.slice(0, -1), width]];
};

/** Tokens `[B, T, D]` and a weight of queries, keys and values `[D, 3·D']`. */
const packedShape: ShapeRule = (query) => {
  const [batch = 1, tokens = 1] = query.input(0);
  return [[batch, tokens, (query.input(1)[1] ?? 0) / 3]];
};

const multiHeadShape: ShapeRule = (query) => {
  const [batch = 1, tokens = 1] = query.input(0);
  return [[batch, tokens, query.input(2).at(-1) ?? 0]];
};

const whole = { elements: 0, integers: {}, role: 'other' } as const;

export const attention = {
  Attention: withoutRule({ ...whole, shape: attentionShape, moves: ofQueries }),
  'com.microsoft.Attention': withoutRule({ ...whole, shape: packedShape, moves: byPicture }),
  'com.microsoft.MultiHeadAttention': withoutRule({
    ...whole,
    shape: multiHeadShape,
    moves: ofQueries,
  }),
} satisfies Readonly<Record<string, Operator>>;
