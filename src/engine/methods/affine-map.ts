/** A model as rules see it that hold attention, deviations and gates fixed: an affine map of its tokens. */
import type { GraphNode } from '../onnx/graph';
import { asFloat32 } from '../onnx/tensor-bytes';
import { kindOf } from '../ops/kind-of';
import type { OpKind } from '../ops/operator';
import { ancestors, descendants } from '../vit/reach';
import type { Attribution } from './attribution';

/** What a node adds to what it reads. */
export interface Bias {
  /** What the node makes. */
  readonly tensor: string;
  /** A constant that broadcasts against it. */
  readonly value: string;
}

/** Where an output is the sum of its inputs times their gradients and of biases alone. */
const affine: ReadonlySet<OpKind> = new Set([
  ...(['view', 'transpose', 'concat', 'split', 'slice', 'gather', 'expand'] as const),
  ...(['add', 'bias', 'subtract', 'multiply', 'scale', 'divide', 'mean', 'sum', 'max'] as const),
  ...(['product', 'linear', 'layer-norm', 'rms-norm', 'batch-norm', 'l2-norm', 'clip'] as const),
  ...(['gelu', 'tanh-gelu', 'quick-gelu', 'relu'] as const),
]);

export interface AffineMap {
  readonly biases: readonly Bias[];
  /** Whether biases and input times gradient add up to the output. */
  readonly isWhole: boolean;
}

/** From a tensor to the logits; what reaches them through the attention's weights alone is no part of it. */
export function affineMap(attribution: Attribution, from: string): AffineMap {
  const { graph, tape, structure } = attribution;
  const { blocks, logits, readout } = structure;
  const held = new Set(blocks.map(({ attention }) => attention));
  if (readout.kind === 'attention-pool') held.add(readout.attention);
  const behind = descendants(attribution, [from]);
  const before = ancestors(attribution, [logits], held);
  const nodes = graph.nodes.filter(
    ({ inputs, outputs }) =>
      inputs.some((name) => behind.has(name)) && outputs.some((name) => before.has(name)),
  );
  const biases: Bias[] = [];
  let isWhole = true;
  for (const node of nodes) {
    const value = biasOf(attribution, node);
    if (value !== undefined) biases.push({ tensor: node.outputs[0] ?? '', value });
    else if (node.inputs.some((name) => tape.isConstant(name)) && addsConstants(node))
      isWhole = false;
    if (!affine.has(kindOf(node, tape))) isWhole = false;
  }
  return { biases, isWhole };
}

function biasOf({ tape }: Attribution, node: GraphNode): string | undefined {
  const { op, inputs } = node;
  switch (op) {
    case 'Gemm':
    case 'LayerNormalization':
      return inputs[2] === '' ? undefined : inputs[2];
    case 'Add':
      return inputs.find((name) => tape.isConstant(name));
    case 'BatchNormalization':
      return shiftOf(tape, node);
    default:
      return undefined;
  }
}

/** What batch norm adds: β − γ μ / σ. */
function shiftOf(tape: Attribution['tape'], { inputs, attributes }: GraphNode): string | undefined {
  const [scale, shift, mean, variance] = inputs.slice(1).map((name) => {
    const constant = tape.builder.constantOf(name);
    return constant && asFloat32(constant);
  });
  if (!scale || !shift || !mean || !variance) return undefined;
  const epsilon = attributes.epsilon ?? 1e-5;
  const values = shift.map(
    (value, i) =>
      value - ((mean[i] ?? 0) * (scale[i] ?? 0)) / Math.sqrt((variance[i] ?? 0) + epsilon),
  );
  const behind = tape.shape(inputs[0] ?? '').slice(2);
  return tape.floats(values, [values.length, ...behind.map(() => 1)]);
}

/** Whether constants among its inputs stand in the output as they are, in ways that no `Bias` says. */
function addsConstants({ op }: GraphNode): boolean {
  return op === 'Sub' || op === 'Concat' || op === 'BatchNormalization';
}
