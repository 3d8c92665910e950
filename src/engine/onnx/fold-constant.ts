/** Constants that a file computes from others, as exporters leave `1 / √variance` and layouts. */
import type { Constant, GraphNode } from './graph';
import { broadcast, positiveAxis } from './infer-shape';
import { floatBytes, sizeOf, toNumbers } from './tensor-bytes';

const ofOne: ReadonlyMap<string, (value: number) => number> = new Map([
  ['Abs', Math.abs],
  ['Exp', Math.exp],
  ['Neg', (value: number) => -value],
  ['Reciprocal', (value: number) => 1 / value],
  ['Sqrt', Math.sqrt],
]);

const ofTwo: ReadonlyMap<string, (one: number, other: number) => number> = new Map([
  ['Add', (one: number, other: number) => one + other],
  ['Div', (one: number, other: number) => one / other],
  ['Mul', (one: number, other: number) => one * other],
  ['Pow', (one: number, other: number) => one ** other],
  ['Sub', (one: number, other: number) => one - other],
]);

const layouts: ReadonlySet<string> = new Set(['Reshape', 'Squeeze', 'Unsqueeze']);

/** Operators that may be computed. */
export const foldable: ReadonlySet<string> = new Set([
  ...ofOne.keys(),
  ...ofTwo.keys(),
  ...layouts,
  'Cast',
  'Concat',
  'Expand',
  'Gather',
  'Identity',
]);

/**
 * What a node makes of constants; undefined where one of them is none, or for a form that is not known. One
 * that is stretched to the shape of something else stays as it is, and parts of a list that depend on the
 * picture (its sides) are NaN.
 */
export function folded(
  node: GraphNode,
  inputs: readonly (Constant | undefined)[],
): Constant | undefined {
  const [first, second] = inputs;
  if (node.op === 'Concat') return joined(inputs);
  if (!first) return undefined;
  if (node.op === 'Expand') return second ? expanded(first, toNumbers(second)) : first;
  if (inputs.includes(undefined)) return undefined;
  const one = ofOne.get(node.op);
  if (one) return numbers(first.dims, toNumbers(first).map(one));
  const two = ofTwo.get(node.op);
  if (two) return second && combined(first, second, two);
  if (node.op === 'Identity' || node.op === 'Cast') return first;
  if (node.op === 'Gather') return second && gathered(first, second);
  return layout(node, first, second);
}

function numbers(dims: readonly number[], values: readonly number[]): Constant {
  return { name: '', type: 'float32', dims, data: floatBytes(values) };
}

function combined(
  one: Constant,
  other: Constant,
  compute: (one: number, other: number) => number,
): Constant | undefined {
  const dims = broadcast(one.dims, other.dims);
  const [ones, others] = [dims && stretched(one, dims), dims && stretched(other, dims)];
  if (!dims || !ones || !others) return undefined;
  return numbers(
    dims,
    ones.map((value, i) => compute(value, others[i] ?? NaN)),
  );
}

function expanded(constant: Constant, shape: readonly number[]): Constant | undefined {
  const dims = broadcast(constant.dims, shape);
  return dims && numbers(dims, stretched(constant, dims));
}

/** The values of a constant broadcast to a shape. */
function stretched(constant: Constant, dims: readonly number[]): number[] {
  const values = toNumbers(constant);
  const missing = dims.length - constant.dims.length;
  return Array.from({ length: sizeOf(dims) }, (_, at) => {
    let [rest, place, stride] = [at, 0, 1];
    for (let axis = dims.length - 1; axis >= missing; axis--) {
      const own = constant.dims[axis - missing] ?? 1;
      const dim = dims[axis] ?? 1;
      place += own === 1 ? 0 : (rest % dim) * stride;
      rest = Math.floor(rest / dim);
      stride *= own;
    }
    return values[place] ?? NaN;
  });
}

/** Lists one behind the other; one that is not known is taken for one number. */
function joined(parts: readonly (Constant | undefined)[]): Constant | undefined {
  if (parts.some((part) => part && part.dims.length !== 1)) return undefined;
  const values = parts.flatMap((part) => (part ? toNumbers(part) : [NaN]));
  return numbers([values.length], values);
}

/** Some of a list. */
function gathered(list: Constant, places: Constant): Constant | undefined {
  if (list.dims.length !== 1) return undefined;
  const values = toNumbers(list);
  return numbers(
    places.dims,
    toNumbers(places).map((place) => values.at(place) ?? NaN),
  );
}

function layout(
  { op, attributes }: GraphNode,
  constant: Constant,
  given: Constant | undefined,
): Constant | undefined {
  const { axes: own } = attributes;
  const stated = given ? toNumbers(given) : Array.isArray(own) ? own.map(Number) : undefined;
  const { dims } = constant;
  if (op === 'Reshape') {
    const target = stated?.map((dim, i) => (dim === 0 ? (dims[i] ?? 1) : dim));
    const rest = sizeOf(dims) / -sizeOf(target ?? []);
    return target && { ...constant, dims: target.map((dim) => (dim === -1 ? rest : dim)) };
  }
  if (op === 'Squeeze') {
    const axes = stated?.map((axis) => positiveAxis(axis, dims.length));
    return { ...constant, dims: dims.filter((dim, i) => !(axes?.includes(i) ?? dim === 1)) };
  }
  const rank = dims.length + (stated?.length ?? 0);
  const axes = stated?.map((axis) => positiveAxis(axis, rank));
  const left = [...dims];
  const filled = Array.from({ length: rank }, (_, i) => (axes?.includes(i) ? 1 : left.shift()));
  return { ...constant, dims: filled.map((dim) => dim ?? 1) };
}
