/** Matrix products. */
import { parseEinsum } from '../../onnx/einsum-equation';
import type { GraphNode } from '../../onnx/graph';
import { broadcast, swapLast, type Dims } from '../axes';
import type { DoubleWriter } from '../double-writer';
import * as moves from '../moves/product';
import type { KindRule, Operator } from '../operator';
import type { ShapeQuery, ShapeRule } from '../shape-query';
import { withoutRule } from './forms';

function product(query: ShapeQuery, a: Dims, b: Dims): Dims[] {
  const left = a.length === 1 ? [1, ...a] : a;
  const right = b.length === 1 ? [...b, 1] : b;
  const batch = broadcast(left.slice(0, -2), right.slice(0, -2));
  if (!batch || left.at(-1) !== right.at(-2)) throw query.mismatch('the operands do not fit');
  const rows = a.length === 1 ? [] : left.slice(-2, -1);
  const columns = b.length === 1 ? [] : right.slice(-1);
  return [[...batch, ...rows, ...columns]];
}

/** Either side transposed as it is read. */
const turnedProduct: ShapeRule = (query) => {
  const { transA, transB, transBatchA, transBatchB } = query.attributes;
  const side = (dims: Dims, isTurned: boolean, isBatchTurned: boolean) => {
    const moved = isBatchTurned ? batchTransposed(dims) : dims;
    return isTurned ? swapLast(moved) : moved;
  };
  return product(
    query,
    side(query.input(0), !!transA, !!transBatchA),
    side(query.input(1), !!transB, !!transBatchB),
  );
};

/** `transBatch` moves the first axis behind all other batch axes. */
function batchTransposed(dims: Dims): Dims {
  return [...dims.slice(1, -1), ...dims.slice(0, 1), ...dims.slice(-1)];
}

const einsum: ShapeRule = (query) => {
  const { equation } = query.attributes;
  const shapes = query.operands();
  const ranks = shapes.map((dims) => dims.length);
  const parsed = equation === undefined ? undefined : parseEinsum(equation, ranks);
  if (!parsed) throw query.unknown('its equation is not explicit');
  const sizes = new Map<string, number>();
  for (const [i, term] of parsed.operands.entries()) {
    for (const [axis, letter] of Array.from(term).entries())
      sizes.set(letter, Math.max(sizes.get(letter) ?? 1, shapes[i]?.[axis] ?? 1));
  }
  return [Array.from(parsed.result).map((letter) => sizes.get(letter) ?? 1)];
};

/** With a constant matrix on the right it is a linear map. */
const linearOrProduct: KindRule = (node, { isConstant, shape }) => {
  const { inputs, attributes } = node;
  const [a = '', b = ''] = inputs;
  const isLinear = isConstant(b) && !isConstant(a) && !attributes.transA && shape(b).length === 2;
  return isLinear ? 'linear' : 'product';
};

/** In float64 ONNX Runtime has only the plain product. */
function plainProduct(node: GraphNode, writer: DoubleWriter): boolean {
  const { transA, transB, transBatchA, transBatchB, alpha = 1 } = node.attributes;
  if (transBatchA || transBatchB) return false;
  const [a = '', b = ''] = node.inputs;
  const [output = ''] = node.outputs;
  const left = transA ? transposed(writer, a) : writer.double(a);
  const right = transB ? transposed(writer, b) : writer.double(b);
  const plain = writer.emit('MatMul', [left, right], `${output}/product`);
  const data = new Uint8Array(Float64Array.of(alpha).buffer);
  const factor = writer.constant(`${output}/alpha`, 'float64', [], data);
  writer.single(output, writer.emit('Mul', [plain, factor], `${output}/64`));
  return true;
}

function transposed(writer: DoubleWriter, name: string): string {
  const perm = writer.shape(name).map((_, i) => i);
  const rank = perm.length;
  [perm[rank - 2], perm[rank - 1]] = [rank - 1, rank - 2];
  const turned = `${name}/64/${writer.nodes.length}`;
  return writer.emit('Transpose', [writer.double(name)], turned, { perm });
}

function matrixProduct(own: Pick<Operator, 'moves' | 'float64' | 'cheap'>): Operator {
  return {
    ...own,
    shape: turnedProduct,
    elements: 0,
    integers: {},
    kind: linearOrProduct,
    fold: 'none',
    role: 'product',
    noOp: 'never',
  };
}

export const products = {
  MatMul: matrixProduct({ moves: moves.matrixProduct, float64: 'kernel', cheap: false }),
  Gemm: matrixProduct({ moves: moves.linear, float64: 'kernel', cheap: false }),
  /** Of two computed tensors (scores) it is cheap, of a weight it is not. */
  'com.microsoft.FusedMatMul': matrixProduct({
    moves: moves.matrixProduct,
    float64: plainProduct,
    cheap: ({ inputs, attributes }, isConstant) =>
      !attributes.transBatchA && !inputs.some((input) => isConstant(input)),
  }),
  Einsum: withoutRule({
    shape: einsum,
    elements: 0,
    integers: {},
    moves: moves.einsum,
    role: 'other',
  }),
} satisfies Readonly<Record<string, Operator>>;
