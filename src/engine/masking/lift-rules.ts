/** How each kind of operator is written for many pictures at once. */
import type { GraphNode } from '../onnx/graph';
import { positiveAxis } from '../ops/axes';
import { integersOf, operatorOf } from '../ops/catalogue';
import type { Argument } from '../ops/arguments';
import type { OpKind } from '../ops/operator';
import { CannotLift, type Lift } from './lift';

type LiftRule = (lift: Lift, node: GraphNode) => void;

/** Place by place: all operands stand right under the longest. */
const elementwise: LiftRule = (lift, node) => {
  const rank = lift.shape(node.outputs[0] ?? '').length;
  lift.copy(
    node,
    node.inputs.map((name) => lift.aligned(name, rank)),
  );
};

const view: LiftRule = (lift, node) => {
  const [input = ''] = node.inputs;
  const [output = ''] = node.outputs;
  const target = lift.reshapeTarget(input, output);
  lift.copy({ ...node, op: 'Reshape' }, [input, target], {});
};

const transpose: LiftRule = (lift, node) => {
  const rank = lift.shape(node.inputs[0] ?? '').length;
  const perm = node.attributes.perm ?? Array.from({ length: rank }, (_, i) => rank - 1 - i);
  lift.copy(node, node.inputs, { perm: [0, ...perm.map((axis) => axis + 1)] });
};

/** One further on, where it is counted from the front. */
function onAxis(fallback: number): LiftRule {
  return (lift, node) => {
    const rank = lift.shape(node.inputs[0] ?? '').length;
    const axis = positiveAxis(node.attributes.axis ?? fallback, rank) + 1;
    lift.copy(node, node.inputs, { ...node.attributes, axis });
  };
}

/** What every picture has alike is repeated for each. */
const concat: LiftRule = (lift, node) => {
  const example = node.inputs.find((name) => lift.isLifted(name)) ?? '';
  const inputs = node.inputs.map((name) => {
    if (lift.isLifted(name)) return name;
    const pictures = lift.add('Shape', [example], { start: 0, end: 1 });
    const target = lift.add('Concat', [pictures, lift.ints(lift.shape(name))], { axis: 0 });
    return lift.add('Expand', [name, target]);
  });
  const axis = positiveAxis(node.attributes.axis ?? 0, lift.shape(example).length) + 1;
  lift.copy(node, inputs, { axis });
};

/** Of one tensor by places that are fixed. */
const gather: LiftRule = (lift, node) => {
  const [data = '', places = ''] = node.inputs;
  if (!lift.isLifted(data) || !lift.isConstant(places))
    throw new CannotLift(`“${node.name}” takes places that depend on the picture.`);
  onAxis(0)(lift, node);
};

/** The axes among the integer inputs of a node, one further on. */
function movedAxes(lift: Lift, node: GraphNode, fallback: readonly number[]): string {
  const rank = lift.shape(node.inputs[0] ?? '').length;
  const numbers = (name: string) => lift.numbers(name);
  const given = integersOf(node, 'axes', numbers) ?? fallback;
  return lift.ints(given.map((axis) => positiveAxis(axis, rank) + 1));
}

function withInput(node: GraphNode, argument: Argument, value: string): string[] {
  const inputs = [...node.inputs];
  const place = operatorOf(node.op).integers[argument] ?? inputs.length;
  while (inputs.length < place) inputs.push('');
  inputs[place] = value;
  return inputs;
}

const slice: LiftRule = (lift, node) => {
  const starts = lift.numbers(node.inputs[1] ?? '') ?? [];
  const axes = movedAxes(lift, node, [...starts.keys()]);
  lift.copy(node, withInput(node, 'axes', axes));
};

const reduce: LiftRule = (lift, node) => {
  const all = [...lift.shape(node.inputs[0] ?? '').keys()];
  lift.copy(node, withInput(node, 'axes', movedAxes(lift, node, all)));
};

const expand: LiftRule = (lift, node) => {
  const [input = ''] = node.inputs;
  const dims = lift.shape(node.outputs[0] ?? '');
  lift.copy(node, [lift.aligned(input, dims.length), lift.ints([1, ...dims])]);
};

const product: LiftRule = (lift, node) => {
  const { transBatchA, transBatchB } = node.attributes;
  if (
    node.op === 'Gemm' ||
    transBatchA ||
    transBatchB ||
    node.inputs.some((name) => lift.shape(name).length < 2)
  )
    throw new CannotLift(`“${node.name}” is a product of a form that is not known.`);
  elementwise(lift, node);
};

/** Rows of all pictures in one product. */
const linear: LiftRule = (lift, node) => {
  if (node.op !== 'Gemm') {
    product(lift, node);
    return;
  }
  const [rows = '', weight = '', bias = ''] = node.inputs;
  const [output = ''] = node.outputs;
  if (
    !lift.isLifted(rows) ||
    (bias !== '' &&
      lift
        .shape(bias)
        .slice(0, -1)
        .some((dim) => dim !== 1))
  )
    throw new CannotLift(`“${node.name}” is a linear map of a form that is not known.`);
  const flat = lift.add('Reshape', [rows, lift.ints([-1, lift.shape(rows).at(-1) ?? 0])]);
  const all = lift.add(node.op, [flat, weight, ...(bias === '' ? [] : [bias])], node.attributes);
  const leading = lift.add('Shape', [rows], { start: 0, end: -1 });
  const width = lift.ints([lift.shape(output).at(-1) ?? 0]);
  const target = lift.add('Concat', [leading, width], { axis: 0 });
  lift.copy({ ...node, op: 'Reshape' }, [all, target], {});
};

/** Operators that count their axes from the batch: all pictures become one. */
const asOneBatch: LiftRule = (lift, node) => {
  const [input = '', ...weights] = node.inputs;
  const [output = ''] = node.outputs;
  const rest = lift.shape(input).slice(1);
  const one = lift.add('Reshape', [input, lift.ints([-1, ...rest])]);
  const made = lift.add(node.op, [one, ...weights], node.attributes);
  lift.copy({ ...node, op: 'Reshape' }, [made, lift.ints([-1, ...lift.shape(output)])], {});
};

export const liftRules: Readonly<Record<OpKind, LiftRule>> = {
  view,
  transpose,
  concat,
  split: onAxis(0),
  slice,
  gather,
  expand,
  add: elementwise,
  bias: elementwise,
  subtract: elementwise,
  multiply: elementwise,
  scale: elementwise,
  divide: elementwise,
  power: elementwise,
  'square-root': elementwise,
  product,
  linear,
  convolution: asOneBatch,
  'layer-norm': onAxis(-1),
  'rms-norm': onAxis(-1),
  'batch-norm': asOneBatch,
  gelu: elementwise,
  'tanh-gelu': elementwise,
  'quick-gelu': elementwise,
  relu: elementwise,
  sigmoid: elementwise,
  tanh: elementwise,
  softmax: onAxis(-1),
  mean: reduce,
  sum: reduce,
  max: reduce,
  'l2-norm': reduce,
  clip: elementwise,
};
