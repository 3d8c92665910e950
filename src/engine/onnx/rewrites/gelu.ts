/** Every spelling of GELU becomes one node: exact, tanh approximation, or QuickGELU. */
import type { GraphNode } from '../graph';
import type { GraphBuilder } from '../graph-builder';
import type { GraphView } from '../graph-view';
import type { Rewrite } from '../rewrite';

const halfRootOfTwo = Math.SQRT1_2;

/** √(2/π), of the tanh approximation (Hendrycks and Gimpel, arXiv 1606.08415). */
const tanhScale = Math.sqrt(2 / Math.PI);
const tanhCubic = 0.044715;

/**
 * The exact one is ONNX Runtime's own operator: its kernel takes a quarter of the time of the
 * standard one's. The tanh approximation is the standard operator.
 */
type GeluKind = 'exact' | 'tanh';

export const exactGeluOp = 'com.microsoft.Gelu';

function gelu(builder: GraphBuilder, x: string, kind: GeluKind): string {
  return kind === 'exact'
    ? builder.node(exactGeluOp, [x])
    : builder.node('Gelu', [x], { approximate: 'tanh' });
}

/** One node in one of the two forms, from any operator that is a GELU, with or without a bias. */
export const fusedGelu: Rewrite = (node, _view, builder) => {
  const [x = '', bias] = node.inputs;
  const standard = node.attributes.approximate === 'tanh' ? undefined : 'exact';
  const kind = node.op === 'Gelu' ? standard : fusedKinds.get(node.op);
  if (kind === undefined) return undefined;
  const sum = bias === undefined || bias === '' ? x : builder.node('Add', [x, bias]);
  return [gelu(builder, sum, kind)];
};

const fusedKinds: ReadonlyMap<string, GeluKind> = new Map<string, GeluKind>([
  ['com.microsoft.BiasGelu', 'exact'],
  ['com.microsoft.FastGelu', 'tanh'],
]);

/** `½·x·(1 + erf(x/√2))` and `½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³)))`, factors in any order. */
export const decomposedGelu: Rewrite = (node, view, builder) => {
  if (node.op !== 'Mul') return undefined;
  const product = factors(view, node);
  if (Math.abs(product.scale - 0.5) > 1e-4 || product.tensors.length !== 2) return undefined;
  for (const [i, gate] of product.tensors.entries()) {
    const x = product.tensors[1 - i] ?? '';
    const inner = view.producer(onePlus(view, gate));
    if (inner?.op === 'Erf' && isScaled(view, inner.inputs[0], x, halfRootOfTwo))
      return [gelu(builder, x, 'exact')];
    if (inner?.op === 'Tanh' && isTanhArgument(view, inner.inputs[0], x))
      return [gelu(builder, x, 'tanh')];
  }
  return undefined;
};

/** `x·sigmoid(a·x)`: QuickGELU with a = 1.702, SiLU with a = 1. */
export const decomposedQuickGelu: Rewrite = (node, view, builder) => {
  if (node.op !== 'Mul') return undefined;
  for (const [i, gate] of node.inputs.entries()) {
    const x = node.inputs[1 - i] ?? '';
    const sigmoid = view.producerOf(gate, 'Sigmoid');
    const argument = sigmoid?.inputs[0];
    if (argument === undefined) continue;
    const scaled = view.producerOf(argument, 'Mul');
    const alpha = argument === x ? 1 : scaled ? scaleOf(view, scaled, x) : undefined;
    if (alpha !== undefined) return [builder.node('com.microsoft.QuickGelu', [x], { alpha })];
  }
  return undefined;
};

/** A product taken apart: its scalar factor and its tensors. Only tensors read once are entered. */
function factors(view: GraphView, node: GraphNode): { scale: number; tensors: string[] } {
  let scale = 1;
  const tensors: string[] = [];
  for (const [i, input] of node.inputs.entries()) {
    const scalar = view.scalar(input);
    const inner = view.producerOf(input, 'Mul', 'Div');
    if (scalar !== undefined) {
      scale *= node.op === 'Div' && i === 1 ? 1 / scalar : scalar;
    } else if (inner && (node.op === 'Mul' || i === 0) && hasScalar(view, inner)) {
      const nested = factors(view, inner);
      scale *= nested.scale;
      tensors.push(...nested.tensors);
    } else if (
      inner?.op === 'Mul' &&
      tensors.length + node.inputs.length <= 3 &&
      leadsToGate(view, inner)
    ) {
      const nested = factors(view, inner);
      scale *= nested.scale;
      tensors.push(...nested.tensors);
    } else {
      tensors.push(input);
    }
  }
  return { scale, tensors };
}

function hasScalar(view: GraphView, node: GraphNode): boolean {
  return node.inputs.some((input) => view.scalar(input) !== undefined);
}

/** `(x·gate)·½`: the inner product holds the gate. */
function leadsToGate(view: GraphView, node: GraphNode): boolean {
  return node.inputs.some((input) => onePlus(view, input) !== undefined);
}

/** `y` of `1 + y`. */
function onePlus(view: GraphView, tensor: string | undefined): string | undefined {
  const sum = view.producerOf(tensor, 'Add');
  const at = sum?.inputs.findIndex((input) => view.scalar(input) === 1) ?? -1;
  return at === -1 ? undefined : sum?.inputs[1 - at];
}

/** The factor of `factor·x`, as Mul or Div by a scalar. */
function scaleOf(view: GraphView, node: GraphNode, x: string): number | undefined {
  const at = node.inputs.indexOf(x);
  const scalar = view.scalar(node.inputs[1 - at]);
  if (at === -1 || scalar === undefined) return undefined;
  if (node.op === 'Mul') return scalar;
  return node.op === 'Div' && at === 0 ? 1 / scalar : undefined;
}

function isScaled(view: GraphView, tensor: string | undefined, x: string, factor: number): boolean {
  const node = view.producerOf(tensor, 'Mul', 'Div');
  const scale = node && scaleOf(view, node, x);
  return scale !== undefined && near(scale, factor);
}

/** `√(2/π)·(x + 0.044715·x³)`, or the same with x taken out: `√(2/π)·x·(1 + 0.044715·x²)`. */
function isTanhArgument(view: GraphView, tensor: string | undefined, x: string): boolean {
  const node = view.producerOf(tensor, 'Mul');
  if (!node) return false;
  const { scale, tensors } = factors(view, node);
  if (!near(scale, tanhScale)) return false;
  if (tensors.length === 1) {
    const sum = view.producerOf(tensors[0], 'Add');
    const at = sum?.inputs.indexOf(x) ?? -1;
    return at !== -1 && isCubicTerm(view, sum?.inputs[1 - at], x, 3);
  }
  const at = tensors.indexOf(x);
  return (
    tensors.length === 2 && at !== -1 && isCubicTerm(view, onePlus(view, tensors[1 - at]), x, 2)
  );
}

/** `0.044715·x^power`, the power as Pow or as products. */
function isCubicTerm(
  view: GraphView,
  tensor: string | undefined,
  x: string,
  power: number,
): boolean {
  const node = view.producerOf(tensor, 'Mul');
  if (!node) return false;
  let scale = 1;
  let degree = 0;
  const open = [...node.inputs];
  for (let input = open.pop(); input !== undefined; input = open.pop()) {
    const scalar = view.scalar(input);
    const inner = view.producer(input);
    if (scalar !== undefined) scale *= scalar;
    else if (input === x) degree += 1;
    else if (inner?.op === 'Pow' && inner.inputs[0] === x)
      degree += view.scalar(inner.inputs[1]) ?? NaN;
    else if (inner?.op === 'Mul') open.push(...inner.inputs);
    else return false;
  }
  return degree === power && near(scale, tanhCubic);
}

function near(value: number, expected: number): boolean {
  return Math.abs(value - expected) <= 1e-3 * Math.abs(expected);
}
