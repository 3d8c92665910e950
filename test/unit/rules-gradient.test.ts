/** Every gradient rule against central differences in float64. */
import { describe, expect, it } from 'vitest';
import type { GraphBuilder } from '../../src/engine/onnx/graph-builder';
import { forward64, normals, smallGraph, walk64 } from '../walk-in-float64';

type Write = (builder: GraphBuilder, x: string) => string;

const constant = (builder: GraphBuilder, dims: readonly number[], seed: number, shift = 0) =>
  builder.floats(
    Float32Array.from(normals(dims, seed).data, (value) => value + shift),
    dims,
  );

interface Case {
  readonly name: string;
  readonly dims: readonly number[];
  readonly write: Write;
  /** Added to every input element, to keep clear of poles and kinks. */
  readonly shift?: number;
}

const cases: readonly Case[] = [
  { name: 'Reshape', dims: [2, 6], write: (b, x) => b.node('Reshape', [x, b.ints([3, 4])]) },
  { name: 'Squeeze', dims: [1, 3, 2], write: (b, x) => b.node('Squeeze', [x, b.ints([0])]) },
  { name: 'Unsqueeze', dims: [3, 2], write: (b, x) => b.node('Unsqueeze', [x, b.ints([1])]) },
  { name: 'Flatten', dims: [2, 3, 2], write: (b, x) => b.node('Flatten', [x], { axis: 1 }) },
  {
    name: 'Transpose',
    dims: [2, 3, 4],
    write: (b, x) => b.node('Transpose', [x], { perm: [2, 0, 1] }),
  },
  {
    name: 'Concat with a constant and twice itself',
    dims: [1, 2, 3],
    write: (b, x) => b.node('Concat', [constant(b, [1, 1, 3], 2), x, x], { axis: 1 }),
  },
  {
    name: 'Split, two of three parts used',
    dims: [6, 2],
    write: (b, x) => {
      const [first, , third = ''] = b.nodeWithOutputs(
        'Split',
        [x, b.ints([1, 2, 3])],
        { axis: 0 },
        3,
      );
      return b.node('Concat', [third, first], { axis: 0 });
    },
  },
  {
    name: 'Slice of two axes',
    dims: [4, 5],
    write: (b, x) => b.node('Slice', [x, b.ints([1, 0]), b.ints([3, -1]), b.ints([0, 1])]),
  },
  {
    name: 'Slice of every other row, as rotary embeddings take them',
    dims: [2, 3, 6],
    write: (b, x) => b.node('Slice', [x, b.ints([1]), b.ints([6]), b.ints([-1]), b.ints([2])]),
  },
  {
    name: 'Slice of every third row with a rest, and backwards',
    dims: [3, 8],
    write: (b, x) =>
      b.node('Slice', [x, b.ints([2, 7]), b.ints([-9, -9]), b.ints([0, 1]), b.ints([-1, -3])]),
  },
  {
    name: 'Gather of a row',
    dims: [1, 4, 3],
    write: (b, x) => b.node('Gather', [x, b.ints(-2)], { axis: 1 }),
  },
  {
    name: 'Gather of scattered rows',
    dims: [4, 3],
    write: (b, x) => b.node('Gather', [x, b.ints([3, 0, 3])], { axis: 0 }),
  },
  { name: 'Expand', dims: [1, 3], write: (b, x) => b.node('Expand', [x, b.ints([2, 4, 3])]) },
  {
    name: 'Add of two broadcast streams',
    dims: [2, 3],
    write: (b, x) => b.node('Add', [x, b.node('ReduceMean', [x, b.ints([0])], { keepdims: 1 })]),
  },
  { name: 'Add of a bias', dims: [2, 3], write: (b, x) => b.node('Add', [constant(b, [3], 3), x]) },
  {
    name: 'Sub',
    dims: [2, 3],
    write: (b, x) => b.node('Sub', [b.node('Mul', [x, x]), x]),
  },
  {
    name: 'Mul of two streams',
    dims: [2, 3],
    write: (b, x) => b.node('Mul', [x, b.node('Tanh', [x])]),
  },
  {
    name: 'Mul by a constant',
    dims: [2, 3],
    write: (b, x) => b.node('Mul', [x, constant(b, [3], 4)]),
  },
  {
    name: 'Div by a constant',
    dims: [2, 3],
    write: (b, x) => b.node('Div', [x, constant(b, [3], 4, 3)]),
  },
  {
    name: 'Div of two streams',
    dims: [2, 3],
    shift: 5,
    write: (b, x) => b.node('Div', [b.node('Tanh', [x]), x]),
  },
  { name: 'Pow', dims: [2, 3], shift: 4, write: (b, x) => b.node('Pow', [x, b.floats(3)]) },
  {
    name: 'two powers of one tensor',
    dims: [2, 3],
    shift: 4,
    write: (b, x) =>
      b.node('Add', [b.node('Pow', [x, b.floats(2)]), b.node('Pow', [x, b.floats(3)])]),
  },
  { name: 'Sqrt', dims: [2, 3], shift: 5, write: (b, x) => b.node('Sqrt', [x]) },
  {
    name: 'MatMul by a constant',
    dims: [1, 2, 3],
    write: (b, x) => b.node('MatMul', [x, constant(b, [3, 4], 5)]),
  },
  {
    name: 'Gemm, transposed, with bias and alpha',
    dims: [2, 3],
    write: (b, x) =>
      b.node('Gemm', [x, constant(b, [4, 3], 5), constant(b, [4], 6)], { transB: 1, alpha: 0.5 }),
  },
  ...[
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ].map(([transA = 0, transB = 0]): Case => ({
    name: `product of two streams, transA ${transA}, transB ${transB}`,
    dims: [1, 2, 3, 3],
    write: (b, x) =>
      b.node('com.microsoft.FusedMatMul', [x, b.node('Tanh', [x])], { transA, transB, alpha: 0.3 }),
  })),
  {
    name: 'MatMul of two streams, one shared by all heads',
    dims: [1, 2, 3, 3],
    write: (b, x) => b.node('MatMul', [x, b.node('ReduceMean', [x, b.ints([1])], { keepdims: 1 })]),
  },
  {
    name: 'patch convolution over a picture that its stride does not divide',
    dims: [1, 2, 5, 7],
    write: (b, x) =>
      b.node('Conv', [x, constant(b, [3, 2, 2, 3], 7), constant(b, [3], 8)], {
        kernel_shape: [2, 3],
        strides: [2, 3],
      }),
  },
  {
    name: 'convolution with padding, as in a stem before the patches',
    dims: [1, 2, 6, 5],
    write: (b, x) =>
      b.node('Conv', [x, constant(b, [3, 2, 3, 3], 7)], {
        kernel_shape: [3, 3],
        strides: [2, 2],
        pads: [1, 1, 1, 1],
      }),
  },
  {
    name: 'convolution by channel, dilated, padded on one side',
    dims: [1, 4, 5, 6],
    write: (b, x) =>
      b.node('Conv', [x, constant(b, [4, 1, 2, 2], 7), constant(b, [4], 8)], {
        kernel_shape: [2, 2],
        pads: [0, 2, 1, 0],
        dilations: [2, 1],
        group: 4,
      }),
  },
  {
    name: 'LayerNormalization',
    dims: [1, 3, 4],
    write: (b, x) =>
      b.node('LayerNormalization', [x, constant(b, [4], 9), constant(b, [4], 10)], {
        axis: -1,
        epsilon: 1e-3,
      }),
  },
  {
    name: 'BatchNormalization',
    dims: [2, 3],
    write: (b, x) =>
      b.node(
        'BatchNormalization',
        [x, constant(b, [3], 11), constant(b, [3], 12), constant(b, [3], 13), b.floats([1, 2, 3])],
        { epsilon: 1e-3 },
      ),
  },
  { name: 'Gelu', dims: [2, 5], write: (b, x) => b.node('Gelu', [x]) },
  {
    name: 'tanh-Gelu',
    dims: [2, 5],
    write: (b, x) => b.node('Gelu', [x], { approximate: 'tanh' }),
  },
  {
    name: 'QuickGelu',
    dims: [2, 5],
    write: (b, x) => b.node('com.microsoft.QuickGelu', [x], { alpha: 1.702 }),
  },
  { name: 'Relu', dims: [2, 5], write: (b, x) => b.node('Relu', [x]) },
  { name: 'Sigmoid', dims: [2, 5], write: (b, x) => b.node('Sigmoid', [x]) },
  { name: 'Tanh', dims: [2, 5], write: (b, x) => b.node('Tanh', [x]) },
  { name: 'Softmax', dims: [2, 4], write: (b, x) => b.node('Softmax', [x], { axis: -1 }) },
  {
    name: 'ReduceMean without kept axes',
    dims: [2, 3, 4],
    write: (b, x) => b.node('ReduceMean', [x, b.ints([1])], { keepdims: 0 }),
  },
  {
    name: 'ReduceSum',
    dims: [2, 3],
    write: (b, x) => b.node('ReduceSum', [x, b.ints([-1])], { keepdims: 1 }),
  },
  {
    name: 'ReduceMax, as a router picks one expert',
    dims: [2, 4],
    write: (b, x) => {
      const gate = b.node('ReduceMax', [x, b.ints([-1])], { keepdims: 1 });
      const chosen = b.node('Cast', [b.node('Equal', [x, gate])], { to: 1 });
      return b.node('Mul', [b.node('Mul', [b.node('Tanh', [x]), gate]), chosen]);
    },
  },
  {
    name: 'L2 norm as a cosine head has it',
    dims: [1, 4],
    write: (b, x) => b.node('Div', [x, b.node('ReduceL2', [x, b.ints([-1])], { keepdims: 1 })]),
  },
  {
    name: 'one row of a whole block end: norm, linear, Gelu, linear, sum, pick',
    dims: [1, 3, 4],
    write: (b, x) => {
      const norm = b.node('LayerNormalization', [x, constant(b, [4], 14), constant(b, [4], 15)], {
        axis: -1,
        epsilon: 1e-3,
      });
      const flat = b.node('Reshape', [norm, b.ints([3, 4])]);
      const wide = b.node('Gemm', [flat, constant(b, [4, 6], 16), constant(b, [6], 17)]);
      const back = b.node('Gemm', [b.node('Gelu', [wide]), constant(b, [6, 4], 18)]);
      const sum = b.node('Add', [x, b.node('Reshape', [back, b.ints([1, 3, 4])])]);
      return b.node('Gather', [sum, b.ints(1)], { axis: 1 });
    },
  },
];

describe('gradient rules against central differences', () => {
  it.each(cases)('$name', ({ dims, write, shift = 0 }) => {
    const { graph, output } = smallGraph(dims, write);
    const raw = normals(dims, 21);
    const x = { dims, data: raw.data.map((value) => value + shift) };
    const seed = normals([2, ...(graph.shapes.get(output) ?? [])], 22);
    const forward = forward64(graph, { x });
    const [gradient] = walk64(graph, { set: 'gradient', from: output, to: ['x'], seed, forward });
    expect(gradient?.dims).toEqual([2, ...dims]);

    const size = x.data.length;
    const out = seed.data.length / 2;
    const step = 1e-5;
    for (let i = 0; i < size; i++) {
      const at = (change: number) => {
        const moved = { dims, data: x.data.map((value, j) => (j === i ? value + change : value)) };
        return forward64(graph, { x: moved }).get(output)?.data ?? new Float64Array();
      };
      const [up, down] = [at(step), at(-step)];
      for (const k of [0, 1]) {
        let slope = 0;
        for (let j = 0; j < out; j++) {
          slope +=
            ((seed.data[k * out + j] ?? 0) * ((up[j] ?? NaN) - (down[j] ?? NaN))) / (2 * step);
        }
        expect(gradient?.data[k * size + i]).toBeCloseTo(slope, 6);
      }
    }
  });
});

describe('a rule that would not be right is an error that names the node:', () => {
  const walked = (set: 'gradient' | 'attnlrp' | 'libra' | 'relevance', write: Write) => {
    const dims = [1, 3, 4];
    const { graph, output } = smallGraph(dims, write);
    const x = { dims, data: normals(dims, 21).data.map((value) => value + 5) };
    const seed = normals([1, ...dims], 22);
    const forward = forward64(graph, { x });
    return () => walk64(graph, { set, from: output, to: ['x'], seed, forward });
  };

  it('a norm over tokens and features at once', () => {
    const walk = walked('gradient', (b, x) =>
      b.node('LayerNormalization', [x, constant(b, [3, 4], 2), constant(b, [3, 4], 3)], {
        axis: -2,
        epsilon: 1e-5,
      }),
    );
    expect(walk).toThrow(/LayerNormalization .* several axes/);
  });

  it('a power of another exponent for each feature', () => {
    const walk = walked('gradient', (b, x) => b.node('Pow', [x, constant(b, [4], 4, 3)]));
    expect(walk).toThrow(/Pow .* several exponents/);
  });

  it('relevance of a convolution over features, whose bounds are not those of a picture', () => {
    const convolved: Write = (b, x) => {
      const grid = b.node('Reshape', [x, b.ints([1, 4, 1, 3])]);
      const kernel = constant(b, [4, 4, 1, 1], 7);
      const mixed = b.node('Conv', [grid, kernel], { kernel_shape: [1, 1] });
      return b.node('Reshape', [mixed, b.ints([1, 3, 4])]);
    };
    expect(walked('relevance', convolved)).toThrow(/Conv .* pixels only/);
    expect(walked('gradient', convolved)).not.toThrow();
  });

  const unknownNorm: Write = (b, x) => {
    const mean = (y: string) => b.node('ReduceMean', [y, b.ints([-1])], { keepdims: 1 });
    const deviation = b.node('Sqrt', [mean(b.node('Mul', [x, x]))]);
    return b.node('Mul', [x, b.node('Div', [b.floats(1), deviation])]);
  };

  it('a norm that was not recognised, where norms have a rule of their own', () => {
    expect(walked('attnlrp', unknownNorm)).toThrow(/Sqrt .* norm/);
    expect(walked('libra', unknownNorm)).toThrow(/Sqrt .* norm/);
    expect(walked('relevance', unknownNorm)).toThrow(/Sqrt .* norm/);
    expect(walked('gradient', unknownNorm)).not.toThrow();
  });
});
