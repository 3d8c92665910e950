/** The kinds of operator that have a backward rule, told from a node and what it reads. */
import { EngineError } from '../engine-error';
import type { GraphNode } from '../onnx/graph';

export type OpKind =
  | 'view'
  | 'transpose'
  | 'concat'
  | 'split'
  | 'slice'
  | 'gather'
  | 'expand'
  | 'add'
  | 'bias'
  | 'subtract'
  | 'multiply'
  | 'scale'
  | 'divide'
  | 'power'
  | 'square-root'
  | 'product'
  | 'linear'
  | 'convolution'
  | 'layer-norm'
  | 'rms-norm'
  | 'batch-norm'
  | 'gelu'
  | 'tanh-gelu'
  | 'quick-gelu'
  | 'relu'
  | 'sigmoid'
  | 'tanh'
  | 'softmax'
  | 'mean'
  | 'sum'
  | 'max'
  | 'l2-norm'
  | 'clip';

type IsConstant = (name: string) => boolean;

const plain: Readonly<Record<string, OpKind>> = {
  Reshape: 'view',
  Squeeze: 'view',
  Unsqueeze: 'view',
  Flatten: 'view',
  Identity: 'view',
  Dropout: 'view',
  Transpose: 'transpose',
  Concat: 'concat',
  Split: 'split',
  Slice: 'slice',
  Gather: 'gather',
  Expand: 'expand',
  Sub: 'subtract',
  Sqrt: 'square-root',
  Conv: 'convolution',
  LayerNormalization: 'layer-norm',
  SimplifiedLayerNormalization: 'rms-norm',
  RMSNormalization: 'rms-norm',
  BatchNormalization: 'batch-norm',
  'com.microsoft.Gelu': 'gelu',
  'com.microsoft.FastGelu': 'tanh-gelu',
  'com.microsoft.QuickGelu': 'quick-gelu',
  Relu: 'relu',
  Sigmoid: 'sigmoid',
  Tanh: 'tanh',
  Softmax: 'softmax',
  ReduceMean: 'mean',
  GlobalAveragePool: 'mean',
  ReduceSum: 'sum',
  ReduceMax: 'max',
  ReduceL2: 'l2-norm',
  Clip: 'clip',
};

/** Names of operators that have a backward rule in at least one of their forms. */
export function hasBackwardRule(op: string): boolean {
  return op in plain || ['Add', 'Mul', 'Div', 'Pow', 'MatMul', 'Gemm', 'Gelu'].includes(op);
}

/**
 * The kind of a node.
 * @param isHeld constants, and what else has no slope
 * @throws EngineError `model-unknown-op` naming operator and node.
 */
export function kindOf(
  node: GraphNode,
  isConstant: IsConstant,
  isHeld: IsConstant,
  producer: (name: string) => GraphNode | undefined,
  shape: (name: string) => readonly number[],
): OpKind {
  const [a = '', b = ''] = node.inputs;
  switch (node.op) {
    case 'Add':
      return addKind(a, b, isConstant, producer, shape);
    case 'Mul':
      return isHeld(a) || isHeld(b) ? 'scale' : 'multiply';
    case 'Div':
      return isHeld(b) ? 'scale' : 'divide';
    case 'Pow':
      if (isConstant(b)) return 'power';
      break;
    case 'Gelu':
      return node.attributes.approximate === 'tanh' ? 'tanh-gelu' : 'gelu';
    case 'Gemm':
    case 'MatMul':
    case 'com.microsoft.FusedMatMul':
      return productKind(node, isConstant, shape);
    default: {
      const kind = plain[node.op];
      if (kind !== undefined) return kind;
    }
  }
  throw new EngineError(
    'model-unknown-op',
    `The operator ${node.op} (node “${node.name}”) has no backward rule, so this model's answer cannot be traced back through it.`,
    'Use a method that needs attention alone, or export the model with standard operators.',
  );
}

/** Adding a constant that is the same for every token is a bias; all else joins two streams. */
function addKind(
  a: string,
  b: string,
  isConstant: IsConstant,
  producer: (name: string) => GraphNode | undefined,
  shape: (name: string) => readonly number[],
): OpKind {
  const constant = isConstant(a) ? a : isConstant(b) ? b : undefined;
  if (constant === undefined) return 'add';
  const other = constant === a ? b : a;
  const source = producer(other)?.op ?? '';
  const dims = shape(constant);
  // A vector along another axis than the last belongs to the channels of a picture.
  const isVector = dims.at(-1) === 1 && dims.filter((dim) => dim !== 1).length === 1;
  const perToken = !isVector && dims.slice(0, -1).some((dim) => dim !== 1);
  const ofLinear = source.endsWith('MatMul') || source === 'Gemm' || source === 'Conv';
  return perToken && !ofLinear ? 'add' : 'bias';
}

function productKind(
  node: GraphNode,
  isConstant: IsConstant,
  shape: (name: string) => readonly number[],
): OpKind {
  const [a = '', b = ''] = node.inputs;
  const transA = node.attributes.transA ?? 0;
  if (isConstant(b) && !isConstant(a) && transA === 0 && shape(b).length === 2) return 'linear';
  return 'product';
}
