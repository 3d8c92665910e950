/** Sums of products. */
import { parseEinsum } from '../../onnx/einsum-equation';
import type { Dims } from '../axes';
import type { Moves } from '../movement';

type Lands = readonly (number | undefined)[];

/** MatMul and its like, with either side turned. */
export const matrixProduct: Moves = ({ node, inputs: [left = [], right = []], to }) => {
  const { transA, transB, transBatchA, transBatchB } = node.attributes;
  const shared = Math.max(left.length, right.length, 2) - 2;
  const lands = [
    landsOf(left, shared, transA, transBatchA, [shared, undefined]),
    landsOf(right, shared, transB, transBatchB, [undefined, to.length - 1]),
  ];
  return [{ kind: 'product', lands, inputs: [0, 1], to }];
};

/** A product to which something is added. */
export const linear: Moves = (passage) => {
  const moves = matrixProduct(passage);
  if (!moves || (passage.node.inputs[2] ?? '') === '') return moves;
  return [...moves, { kind: 'elementwise', how: 'sum', inputs: [2], to: passage.to }];
};

export const einsum: Moves = ({ node, inputs, to }) => {
  const { equation } = node.attributes;
  const ranks = inputs.map((dims) => dims.length);
  const parsed = equation === undefined ? undefined : parseEinsum(equation, ranks);
  // A letter that stands twice in one operand takes its diagonal.
  if (!parsed?.operands.every((term) => new Set(term).size === term.length)) return undefined;
  const lands = parsed.operands.map((term) =>
    Array.from(term, (letter) => {
      const axis = parsed.result.indexOf(letter);
      return axis === -1 ? undefined : axis;
    }),
  );
  return [{ kind: 'product', lands, inputs: inputs.map((_, i) => i), to }];
};

/** Queries, keys and values `[B, T, D]` or `[B, H, T, d]`: rows are those of the queries, columns of the values. */
export const attention: Moves = ({ inputs, to }) => {
  const lands = inputs.slice(0, 3).map((dims, operand): Lands => {
    const shared = dims.slice(0, -2).map((_, axis) => axis);
    const rows = operand === 0 ? shared.length : undefined;
    return [...shared, rows, operand === 2 ? shared.length + 1 : undefined];
  });
  return [{ kind: 'product', lands, inputs: [0, 1, 2], to }];
};

/**
 * @param shared axes of the result before its rows and columns
 * @param last where the last two axes land, once the operand is turned
 */
function landsOf(
  dims: Dims,
  shared: number,
  turned: unknown,
  batchTurned: unknown,
  last: Lands,
): Lands {
  if (dims.length === 1) return [undefined];
  const axes = dims.map((_, i) => i);
  // `transBatch` moves the first axis behind all others but the last.
  if (batchTurned) axes.splice(-1, 0, ...axes.splice(0, 1));
  if (turned) axes.push(...axes.splice(-2, 1));
  const batch = dims.length - 2;
  return dims.map((_, axis) => {
    const place = axes.indexOf(axis);
    return place < batch ? place + shared - batch : last[place - batch];
  });
}
