/** Nodes appended behind a model's bytes, and the shapes that are told for them. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { beforeAll, describe, expect, test } from 'vitest';
import { EngineError } from '../../src/engine/engine-error';
import { buildGraph } from '../../src/engine/onnx/build-graph';
import { encodeGraph } from '../../src/engine/onnx/encode-graph';
import type { Graph } from '../../src/engine/onnx/graph';
import { floatBytes } from '../../src/engine/onnx/tensor-bytes';
import type { Attributes } from '../../src/engine/ops/attributes';
import { isKnown } from '../../src/engine/ops/catalogue';
import { picture } from '../fixtures/build-vit';
import { ModelBuilder } from '../fixtures/model-builder';

const dims = [2, 3, 4, 5];
let graph: Graph;

beforeAll(() => {
  graph = buildGraph({
    nodes: [{ name: 'relu', op: 'Relu', inputs: ['x'], outputs: ['y'], attributes: {} }],
    constants: new Map(),
    inputs: [{ name: 'x', type: 'float32', dims }],
    outputs: [{ name: 'y', type: 'float32', dims }],
    opsets: new Map([
      ['', 20],
      ['com.microsoft', 1],
    ]),
  });
});

/** The model with what the builder added, run by ONNX Runtime. */
async function run(builder: ModelBuilder, feeds: Record<string, Tensor> = {}) {
  const bytes = Buffer.concat([encodeGraph(graph), builder.bytes()]);
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
  const x = new Tensor('float32', picture(dims), dims);
  const results = await session.run({ x, ...feeds });
  await session.release();
  return results;
}

describe('appending by concatenation', () => {
  test('gives a model with both graphs', async () => {
    const builder = new ModelBuilder(graph);
    const doubled = builder.node('Mul', ['y', builder.floats(2)]);
    builder.output(doubled, 'float32', 'doubled');
    const results = await run(builder);
    const y = results.y?.data as Float32Array;
    expect(results.doubled?.data).toEqual(y.map((value) => 2 * value));
    expect(y.some((value) => value > 0)).toBe(true);
  });

  test('adds inputs', async () => {
    const builder = new ModelBuilder(graph);
    const rows = builder.input('rows', 'int64', [3]);
    builder.output(builder.node('Gather', ['y', rows], { axis: 3 }), 'float32', 'picked');
    const feed = new Tensor('int64', BigInt64Array.from([4n, 0n, 4n]), [3]);
    const results = await run(builder, { [rows]: feed });
    expect(results.picked?.dims).toEqual([2, 3, 4, 3]);
  });

  test('equal constants share a name, different ones do not', () => {
    const builder = new ModelBuilder(graph);
    expect(builder.ints([1, 2])).toBe(builder.ints([1, 2]));
    expect(builder.floats([1, 2])).toBe(builder.floats(Float32Array.of(1, 2)));
    const names = [
      builder.ints([1, 2]),
      builder.ints([1, 2], [2, 1]),
      builder.floats([1, 2]),
      builder.floats(1),
      builder.floats([1]),
    ];
    expect(new Set(names).size).toBe(names.length);
  });

  test('an unknown operator or operands that do not fit are errors that name them', () => {
    const builder = new ModelBuilder(graph);
    const refused = (op: string, inputs: readonly string[]) => {
      try {
        builder.node(op, inputs);
      } catch (error) {
        if (error instanceof EngineError) return [error.code, error.message.includes(op)];
      }
      return [];
    };
    expect(refused('Frobnicate', ['y'])).toEqual(['model-unknown-op', true]);
    expect(refused('Add', ['y', builder.floats([1, 2, 3])])).toEqual(['model-unreadable', true]);
    expect(refused('MatMul', ['y', 'y'])).toEqual(['model-unreadable', true]);
    expect(() => builder.shapeOf('nowhere')).toThrow(EngineError);
  });
});

/** `#i` is an int64 constant, `[...]` a float32 constant of that shape, anything else a tensor. */
type Case = readonly [
  op: string,
  inputs: readonly (string | readonly number[])[],
  attributes?: Attributes,
  outputs?: number,
];

const cases: Case[] = [
  ['Abs', ['y']],
  ['Add', ['y', [4, 1]]],
  ['Where', ['mask', 'y', [1]]],
  ['Greater', ['y', [5]]],
  ['MatMul', ['y', [5, 7]]],
  ['MatMul', ['y', [3, 5, 2]]],
  ['MatMul', ['y', [5]]],
  ['com.microsoft.FusedMatMul', ['y', [2, 3, 6, 5]], { transA: 0, transB: 1, alpha: 0.5 }],
  ['com.microsoft.FusedMatMul', ['y', [2, 3, 4, 6]], { transA: 1, transB: 0, alpha: 1 }],
  ['Gemm', ['rows', [6, 5], [6]], { transB: 1 }],
  ['Transpose', ['y'], { perm: [3, 0, 2, 1] }],
  ['Transpose', ['y']],
  ['Reshape', ['y', '#0,-1,2']],
  ['Flatten', ['y'], { axis: 2 }],
  ['Squeeze', ['ones', '#0,2']],
  ['Unsqueeze', ['y', '#0,-1']],
  ['Concat', ['y', [2, 1, 4, 5], 'y'], { axis: 1 }],
  ['Split', ['y', '#1,3'], { axis: 2 }, 2],
  ['Slice', ['y', '#1,-1', '#9,0', '#3,2', '#2,-1']],
  ['Slice', ['y', '#-2', '#100', '#-1']],
  ['Gather', ['y', '#1'], { axis: 1 }],
  ['Gather', ['y', '#1,0,1'], { axis: -2 }],
  ['ReduceSum', ['y', '#1,-1'], { keepdims: 0 }],
  ['ReduceMean', ['y'], { keepdims: 1 }],
  ['ReduceL2', ['y', '#2']],
  ['ArgMax', ['y'], { axis: 1, keepdims: 0 }],
  ['Softmax', ['y'], { axis: -1 }],
  ['LayerNormalization', ['y', [5], [5]], { axis: -1, epsilon: 1e-5 }, 2],
  ['Expand', ['ones', '#2,1,3,4']],
  ['Tile', ['y', '#1,2,1,3']],
  ['Pad', ['y', '#0,0,1,1,0,0,2,0']],
  ['TopK', ['y', '#2'], { axis: 2 }, 2],
  ['Conv', ['y', [6, 3, 2, 2]], { strides: [2, 2], kernel_shape: [2, 2] }],
  [
    'Conv',
    ['y', [6, 3, 3, 3], [6]],
    { pads: [1, 1, 1, 1], dilations: [1, 2], kernel_shape: [3, 3] },
  ],
  ['ConvTranspose', ['y', [3, 2, 2, 2]], { strides: [2, 2] }],
  ['MaxPool', ['y'], { kernel_shape: [3, 2], strides: [2, 2], ceil_mode: 1 }],
  ['GlobalAveragePool', ['y']],
  ['Einsum', ['y', [2, 5, 7]], { equation: 'bchw,bwd->bchd' }],
  ['Gelu', ['y'], { approximate: 'tanh' }],
  ['com.microsoft.QuickGelu', ['y'], { alpha: 1.702 }],
  ['CumSum', ['y', '#scalar 1']],
  ['OneHot', ['indices', '#scalar 6', [2]], { axis: -1 }],
  ['BatchNormalization', ['y', [3], [3], [3], [3]], { epsilon: 1e-5 }],
];

describe('shapes are those of ONNX Runtime', () => {
  for (const [op, inputs, attributes = {}, count = 1] of cases) {
    test(`${op} ${JSON.stringify([inputs, attributes])}`, async () => {
      expect(isKnown(op)).toBe(true);
      const builder = new ModelBuilder(graph);
      const tensors: Record<string, () => string> = {
        y: () => 'y',
        mask: () => builder.node('Greater', ['y', builder.floats(0)]),
        ones: () => builder.floats([1, 2, 3], [1, 3, 1].concat(1)),
        rows: () => builder.node('Reshape', ['y', builder.ints([-1, 5])]),
        indices: () => builder.ints([0, 5, 2]),
      };
      const names = inputs.map((input) => {
        if (typeof input !== 'string') {
          const size = input.reduce((a, b) => a * b, 1);
          return builder.constant('float32', floatBytes(new Float32Array(size).fill(1)), input);
        }
        if (input.startsWith('#scalar')) return builder.ints(Number(input.slice(8)));
        if (input.startsWith('#')) return builder.ints(input.slice(1).split(',').map(Number));
        return tensors[input]?.() ?? '';
      });
      const outputs = builder.nodeWithOutputs(op, names, attributes, count);
      const integer = op === 'ArgMax' ? 'int64' : 'float32';
      const kinds =
        op === 'TopK'
          ? (['float32', 'int64'] as const)
          : ([op === 'Greater' ? 'bool' : integer, integer] as const);
      for (const [i, output] of outputs.entries()) builder.output(output, kinds[i] ?? 'float32');
      const results = await run(builder);
      for (const output of outputs) expect(results[output]?.dims).toEqual(builder.shapeOf(output));
    });
  }
});
