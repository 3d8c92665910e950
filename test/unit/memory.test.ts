import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { bytesOf, liveBytes } from '../../src/engine/backward/live-bytes';
import { inOrder } from '../../src/engine/backward/order';
import { pinned } from '../../src/engine/backward/pin';
import { classAxisPlaceholder } from '../../src/engine/backward/tape';
import { encodePort } from '../../src/engine/onnx/encode';
import type { GraphNode } from '../../src/engine/onnx/graph';
import { modelBytes } from '../../src/engine/onnx/model-parts';

function node(op: string, inputs: string[], output: string): GraphNode {
  return { name: output, op, inputs, outputs: [output], attributes: {} };
}

describe('the order of an attribution graph', () => {
  it('takes two walks side by side, and what is the same for all classes where it is needed', () => {
    const nodes = [
      node('Relu', ['tap'], 'again'),
      node('Mul', ['seed', 'late'], 'first walk, place 5'),
      node('Mul', ['first walk, place 5', 'again'], 'first walk, place 2'),
      node('Mul', ['seed', 'late'], 'second walk, place 5'),
      node('Mul', ['second walk, place 5', 'again'], 'second walk, place 2'),
      node('Add', ['first walk, place 5', 'second walk, place 5'], 'both, place 5'),
    ];
    const place = (tensor: string) =>
      tensor.startsWith('both') || !tensor.includes('place') ? undefined : Number(tensor.at(-1));
    const ordered = inOrder({ nodes, inputs: new Set(['seed']), place });
    expect(ordered.map(({ name }) => name)).toEqual([
      'first walk, place 5',
      'second walk, place 5',
      'both, place 5',
      'again',
      'first walk, place 2',
      'second walk, place 2',
    ]);
  });

  it('is kept by ONNX Runtime, which gives the same numbers', async () => {
    const nodes = [
      node('Relu', ['x'], 'a'),
      node('Sqrt', ['a'], 'b'),
      node('Abs', ['x'], 'c'),
      node('Add', ['b', 'c'], 'sum'),
    ];
    const facts = { shape: () => [2, 3], isConstant: () => false };
    const { nodes: all, constants } = pinned(nodes, { ...facts, isLarge: () => true });
    // Abs waits for Sqrt; the others depend on each other as it is.
    const waiting = all.find(({ name }) => name === 'c');
    const gate = all.find(({ outputs }) => outputs[0] === waiting?.inputs[0]);
    expect(gate?.op).toBe('Reshape');
    const places = all.flatMap(({ outputs }) => outputs);
    expect(places.indexOf('b')).toBeLessThan(places.indexOf(gate?.name ?? ''));
    expect(all.filter(({ op }) => op === 'Slice').map(({ inputs }) => inputs[0])).toEqual(['b']);
    const port = (name: string) => encodePort({ name, type: 'float32', dims: [2, 3] });
    const parts = { nodes: all, constants, inputs: [port('x')], outputs: [port('sum')] };
    const session = await InferenceSession.create(
      modelBytes({ ...parts, opsets: new Map([['', 20]]) }),
    );
    const x = Float32Array.from([NaN, 4, -9, 0, 1e30, 2.25]);
    const { sum } = await session.run({ x: new Tensor('float32', x, [2, 3]) });
    const wanted = x.map((value) => Math.sqrt(Math.max(0, value)) + Math.abs(value));
    for (const [i, value] of (sum?.data as Float32Array).entries())
      if (i > 0) expect(value).toBeCloseTo(wanted[i] ?? NaN, 5);
    await session.release();
  });
});

describe('what is alive at once', () => {
  it('counts a tensor from its making to its last reader, and other shapes of it not again', () => {
    const nodes = [
      node('Relu', ['x'], 'a'),
      node('Reshape', ['a', 'shape'], 'view'),
      node('Sqrt', ['view'], 'b'),
      node('ReduceSum', ['b'], 'small'),
      node('Relu', ['small'], 'out'),
    ];
    const sizes: Record<string, number> = { a: 100, view: 100, b: 100, small: 1, out: 1 };
    const live = (kept: string[]) => liveBytes(nodes, (name) => sizes[name] ?? 0, new Set(kept));
    expect(live(['out'])).toBe(200);
    // What stays is there beside all that follows.
    expect(live(['out', 'b'])).toBe(200);
    expect(live(['out', 'a', 'b', 'small'])).toBe(202);
  });

  it('counts the class axis by the number of classes', () => {
    expect(bytesOf([classAxisPlaceholder, 3], 5)).toBe(60);
    expect(bytesOf([2 * classAxisPlaceholder, 3], 5)).toBe(120);
    expect(bytesOf([2, 3], 5)).toBe(24);
  });
});
