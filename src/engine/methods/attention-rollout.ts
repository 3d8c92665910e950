import type { MethodOptions } from '../../shared/explanation';
import { EngineError } from '../engine-error';
import type { Attribution } from './attribution';
import type { Method } from './method';
import { quantifyingFlow } from './papers';
import { patchGrid, readoutRow } from './token-matrices';

/**
 * Rollout of attention (Abnar & Zuidema 2020). Head fusion and discard ratio are those of
 * jacobgil/vit-explain, which divides the columns of (C + I) / 2 by the row sums; without either
 * every row sum is 1 and that is the usual normalisation.
 */
export const attentionRollout: Method = {
  info: {
    id: 'attention_rollout',
    name: 'Attention rollout',
    sentence: 'How attention carries the patches to the readout through all blocks.',
    paper: quantifyingFlow,
    classSpecific: false,
    cost: 1,
    misleads: 'It is the same for every class, and heads that cancel each other out still add up.',
    signed: false,
    pixels: false,
  },
  startsAtLayer: true,
  record(attribution, options) {
    const { tape } = attribution;
    let row = readoutRow(attribution, options);
    const blocks = [...attribution.blocksFrom(options)].reverse();
    for (const block of blocks) {
      const attention = tape.value(block.attention);
      row = isMean(options)
        ? throughMean(attribution, row, attention)
        : throughFused(attribution, row, fused(attribution, attention, options), options);
    }
    if (isMean(options)) row = tape.mul(row, tape.scalar(2 ** -blocks.length));
    return patchGrid(attribution, row);
  },
};

function isMean({ headFusion = 'mean', discardRatio = 0 }: MethodOptions): boolean {
  return headFusion === 'mean' && discardRatio === 0;
}

/**
 * The row times mean_h A + I, without the half that makes its rows sum to 1: all halves together
 * are exact, and a product with a factor has a slower kernel. Each head by itself first: the mean of
 * as many rows is a tenth of the work that the mean of as many matrices is.
 */
function throughMean({ tape }: Attribution, row: string, attention: string): string {
  const dims = tape.shape(attention);
  const heads = tape.builder.ints([dims.length - 3]);
  const onward = tape.node('ReduceMean', [tape.node('MatMul', [row, attention]), heads], {
    keepdims: 0,
  });
  return tape.add(tape.reshape(onward, tape.shape(row)), row);
}

/** The row times (C + I), its columns divided by the row sums of that. */
function throughFused(
  attribution: Attribution,
  row: string,
  all: string,
  options: MethodOptions,
): string {
  const { tape } = attribution;
  const matrix = discarded(attribution, all, options);
  const [, tokens = 1] = tape.shape(matrix);
  const onward = tape.add(tape.node('MatMul', [row, matrix]), row);
  const sums = tape.add(tape.sum(matrix, [2], false), tape.scalar(1));
  return tape.div(onward, tape.reshape(sums, [1, 1, tokens]));
}

/** All heads of a block as one `[1, T, T]`. */
function fused(attribution: Attribution, attention: string, options: MethodOptions): string {
  const { tape } = attribution;
  const dims = tape.shape(attention);
  const axes = tape.builder.ints([dims.length - 3]);
  const op = { mean: 'ReduceMean', max: 'ReduceMax', min: 'ReduceMin' }[
    options.headFusion ?? 'mean'
  ];
  const one = tape.node(op, [attention, axes], { keepdims: 0 });
  return tape.reshape(one, [1, ...dims.slice(-2)]);
}

/** The weakest share of the entries as zeros; the very first entry (CLS to itself) stays. */
function discarded(attribution: Attribution, matrix: string, options: MethodOptions): string {
  const { discardRatio = 0 } = options;
  if (discardRatio < 0 || discardRatio >= 1 || Number.isNaN(discardRatio)) {
    throw new EngineError(
      'method-not-applicable',
      `The discard ratio ${discardRatio} is not a share between 0 and 1.`,
      'Choose a discard ratio from 0 to below 1.',
    );
  }
  const { tape } = attribution;
  const [, tokens = 1] = tape.shape(matrix);
  const count = Math.trunc(tokens * tokens * discardRatio);
  if (count === 0) return matrix;
  const flat = tape.reshape(matrix, [tokens * tokens]);
  const [, weakest = ''] = tape.builder.nodeWithOutputs(
    'TopK',
    [flat, tape.builder.ints([count])],
    { axis: 0, largest: 0, sorted: 0 },
    2,
  );
  const zeros = tape.floats(new Float32Array(count), [count]);
  const kept = tape.node('ScatterElements', [flat, weakest, zeros], { axis: 0 });
  const first = tape.slice(flat, 0, 0, 1);
  const rest = tape.slice(kept, 0, 1, tokens * tokens - 1);
  return tape.reshape(tape.concat([first, rest], 0), [1, tokens, tokens]);
}
