/** How elements move through a node of a graph. */
import type { GraphNode } from '../onnx/graph';
import type { Dims } from './axes';
import { integersOf, operatorOf } from './catalogue';
import type { Move } from './movement';

/** What is known around a node. */
export interface Surroundings {
  shape(tensor: string): Dims;
  /** Values of a small constant. */
  numbers(tensor: string | undefined): readonly number[] | undefined;
}

/** The moves by which a node makes one of its outputs; undefined where they are not known. */
export function movementOf(
  node: GraphNode,
  output: number,
  around: Surroundings,
): readonly Move[] | undefined {
  const outputs = node.outputs.map((name) => around.shape(name));
  return operatorOf(node.op).moves({
    node,
    output,
    to: outputs[output] ?? [],
    inputs: node.inputs.map((name) => around.shape(name)),
    outputs,
    integers: (argument) => integersOf(node, argument, (tensor) => around.numbers(tensor)),
  });
}
