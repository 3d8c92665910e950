/** How much memory a session is taken to need. */
import { expect, it } from 'vitest';
import type { GraphNode } from '../../src/engine/onnx/graph';
import { sessionBytes } from '../../src/engine/memory/session-bytes';

const shapes: Readonly<Record<string, readonly number[]>> = {
  x: [10, 100],
  w: [100, 100],
  size: [100, 100],
  a: [10, 100],
  flat: [1000],
  b: [10, 100],
  wide: [10, 1000],
  v: [100, 1000],
  sum: [10, 1],
};

const node = (op: string, inputs: readonly string[], output: string): GraphNode => ({
  ...{ name: output, op, inputs, outputs: [output], attributes: {} },
});

const bytes = (...nodes: readonly GraphNode[]) =>
  sessionBytes({
    nodes,
    isConstant: (name) => name === 'w' || name === 'v',
    shape: (name) => shapes[name] ?? [],
  });

const ofX = 4 * 1000;
const ofW = 4 * 100 * 100;

it('a product holds its weights, and each product its own', () => {
  expect(bytes(node('MatMul', ['x', 'w'], 'a'))).toBe(ofW + ofX);
  const twice = bytes(node('MatMul', ['x', 'w'], 'a'), node('MatMul', ['a', 'w'], 'b'));
  expect(twice).toBe(2 * ofW + 2 * ofX);
});

it('what is made of constants alone is computed once, and held where it is multiplied', () => {
  expect(bytes(node('Abs', ['w'], 'size'), node('MatMul', ['x', 'size'], 'a'))).toBe(ofW + ofX);
});

it('what was read for the last time is no longer alive, and another shape is no other memory', () => {
  const nodes = [
    node('Relu', ['x'], 'a'),
    node('Reshape', ['a', 'w'], 'flat'),
    node('MatMul', ['flat', 'v'], 'wide'),
    node('ReduceSum', ['wide', 'w'], 'sum'),
    node('Add', ['sum', 'sum'], 'b'),
  ];
  const ofV = 4 * 100 * 1000;
  expect(bytes(...nodes)).toBe(ofV + ofX + 10 * ofX);
});
