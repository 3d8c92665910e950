/** All operators that are known, by name. */
import type { GraphNode } from '../onnx/graph';
import { formerAttribute, type Argument } from './arguments';
import type { Elements, Operator } from './operator';
import { activations } from './operators/activations';
import { arithmetic } from './operators/arithmetic';
import { attention } from './operators/attention';
import { unmoved, withoutRule } from './operators/forms';
import { functions } from './operators/functions';
import { layout } from './operators/layout';
import { norms } from './operators/norms';
import { parts } from './operators/parts';
import { products } from './operators/products';
import { reductions } from './operators/reductions';
import { sources } from './operators/sources';
import { truths } from './operators/truths';
import { windowed } from './operators/windows';

const catalogue: ReadonlyMap<string, Operator> = new Map(
  Object.entries<Operator>({
    ...activations,
    ...arithmetic,
    ...attention,
    ...functions,
    ...layout,
    ...norms,
    ...parts,
    ...products,
    ...reductions,
    ...sources,
    ...truths,
    ...windowed,
  }),
);

const unknown = withoutRule({
  shape: (query) => {
    throw query.unknown('this operator is not known');
  },
  elements: 0,
  integers: {},
  moves: unmoved,
  role: 'other',
});

export function isKnown(op: string): boolean {
  return catalogue.has(op);
}

/** What is known of an operator; of one that is not in the catalogue, nothing. */
export function operatorOf(op: string): Operator {
  return catalogue.get(op) ?? unknown;
}

/** True for a matrix product. */
export function isProduct({ op }: Pick<GraphNode, 'op'>): boolean {
  return operatorOf(op).role === 'product';
}

/** True for what only lays the same elements out in another shape or order. */
export function isLayout({ op }: Pick<GraphNode, 'op'>): boolean {
  const { kind } = operatorOf(op);
  return kind === 'view' || kind === 'transpose';
}

/** Integers that a node is told, by an input or by the attribute of older opsets. */
export function integersOf(
  node: GraphNode,
  argument: Argument,
  numbers: (tensor: string) => readonly number[] | undefined,
): readonly number[] | undefined {
  const place = operatorOf(node.op).integers[argument];
  const given = place === undefined ? undefined : numbers(node.inputs[place] ?? '');
  return given ?? formerAttribute(node, argument);
}

/** The type of an output of a node: that of an input, or a fixed one; undefined if it is not read here. */
export function elementsOf(node: GraphNode, output: number): Elements | undefined {
  const { elements } = operatorOf(node.op);
  return typeof elements === 'function' ? elements(node, output) : elements;
}
