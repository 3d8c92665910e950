/** Rewrites of single patterns: the same numbers from fewer kinds of operators. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { EngineError } from '../../src/engine/engine-error';
import { buildGraph } from '../../src/engine/onnx/build-graph';
import { encodeGraph } from '../../src/engine/onnx/encode-graph';
import type { Graph } from '../../src/engine/onnx/graph';
import type { GraphBuilder } from '../../src/engine/onnx/graph-builder';
import { simplify } from '../../src/engine/onnx/simplify';
import { picture } from '../fixtures/build-vit';
import { ModelBuilder } from '../fixtures/model-builder';
import { largestDifference } from '../fixtures/run-model';

const dims = [1, 5, 6];

/** A graph from `x` to `out` in one opset. */
function graphOf(
  write: (b: GraphBuilder, x: string) => string | readonly string[],
  opset = 17,
): Graph {
  const port = { name: 'x', type: 'float32' as const, dims };
  const opsets = new Map([
    ['', opset],
    ['com.microsoft', 1],
  ]);
  const start = buildGraph({
    nodes: [],
    constants: new Map(),
    inputs: [port],
    outputs: [],
    opsets,
  });
  const builder = new ModelBuilder(start, 'n');
  const outputs = [write(builder, 'x')].flat();
  for (const [i, output] of outputs.entries()) builder.output(output, 'float32', `out${i}`);
  return buildGraph({
    ...start,
    nodes: builder.nodes,
    constants: builder.constants,
    outputs: builder.outputs,
  });
}

async function run(graph: Graph): Promise<Float32Array[]> {
  const session = await InferenceSession.create(encodeGraph(graph), {
    graphOptimizationLevel: 'disabled',
    logSeverityLevel: 3,
  });
  const results = await session.run({ x: new Tensor('float32', picture(dims), dims) });
  await session.release();
  return graph.outputs.map(({ name }) => results[name]?.data as Float32Array);
}

/** Operators after simplifying, once the outputs have been found the same. */
async function simplified(graph: Graph): Promise<string[]> {
  const simple = simplify(graph);
  const [before, after] = [await run(graph), await run(simple)];
  expect(after).toHaveLength(before.length);
  for (const [i, values] of before.entries())
    expect(largestDifference(after[i] ?? [], values)).toBeLessThan(1e-5);
  return simple.nodes.map((node) => node.op).filter((op) => op !== 'Identity');
}

const vector = (b: GraphBuilder, size = 6, seed = 3) => b.floats(picture([size], seed));

describe('GELU in every spelling', () => {
  const spellings: Readonly<Record<string, (b: GraphBuilder, x: string) => string>> = {
    'half last': (b, x) => {
      const erf = b.node('Erf', [b.node('Div', [x, b.floats(Math.SQRT2)])]);
      return b.node('Mul', [b.node('Mul', [x, b.node('Add', [erf, b.floats(1)])]), b.floats(0.5)]);
    },
    'half first': (b, x) => {
      const erf = b.node('Erf', [b.node('Mul', [x, b.floats(Math.SQRT1_2)])]);
      return b.node('Mul', [b.node('Mul', [b.floats(0.5), x]), b.node('Add', [b.floats(1), erf])]);
    },
    'half on the gate': (b, x) => {
      const erf = b.node('Erf', [b.node('Div', [x, b.floats(Math.SQRT2)])]);
      return b.node('Mul', [x, b.node('Mul', [b.node('Add', [erf, b.floats(1)]), b.floats(0.5)])]);
    },
    'tanh with Pow': (b, x) => {
      const cube = b.node('Mul', [b.floats(0.044715), b.node('Pow', [x, b.floats(3)])]);
      const inner = b.node('Mul', [b.floats(Math.sqrt(2 / Math.PI)), b.node('Add', [x, cube])]);
      return b.node('Mul', [
        b.node('Mul', [b.floats(0.5), x]),
        b.node('Add', [b.floats(1), b.node('Tanh', [inner])]),
      ]);
    },
    'tanh with products': (b, x) => {
      const cube = b.node('Mul', [b.node('Mul', [b.node('Mul', [x, x]), x]), b.floats(0.044715)]);
      const inner = b.node('Mul', [b.node('Add', [x, cube]), b.floats(Math.sqrt(2 / Math.PI))]);
      return b.node('Mul', [
        b.node('Mul', [x, b.node('Add', [b.node('Tanh', [inner]), b.floats(1)])]),
        b.floats(0.5),
      ]);
    },
    'tanh with x taken out': (b, x) => {
      const square = b.node('Mul', [b.floats(0.044715), b.node('Mul', [x, x])]);
      const inner = b.node('Mul', [
        b.node('Mul', [b.floats(Math.sqrt(2 / Math.PI)), x]),
        b.node('Add', [b.floats(1), square]),
      ]);
      return b.node('Mul', [
        b.node('Mul', [x, b.floats(0.5)]),
        b.node('Add', [b.node('Tanh', [inner]), b.floats(1)]),
      ]);
    },
    'fused, with a bias': (b, x) => b.node('com.microsoft.BiasGelu', [x, vector(b)]),
  };
  test.each(Object.entries(spellings))('%s', async (name, write) => {
    const ops = await simplified(graphOf(write));
    expect(ops.filter((op) => op !== 'Add')).toEqual([
      name.startsWith('tanh') ? 'Gelu' : 'com.microsoft.Gelu',
    ]);
  });

  test('another factor is no GELU', async () => {
    const ops = await simplified(
      graphOf((b, x) => {
        const erf = b.node('Erf', [b.node('Div', [x, b.floats(1.3)])]);
        return b.node('Mul', [
          b.node('Mul', [x, b.node('Add', [erf, b.floats(1)])]),
          b.floats(0.5),
        ]);
      }),
    );
    expect(ops).toContain('Erf');
  });
});

describe('norms', () => {
  test('LayerNorm spelled out', async () => {
    const ops = await simplified(
      graphOf((b, x) => {
        const mean = (y: string) => b.node('ReduceMean', [y], { axes: [-1], keepdims: 1 });
        const centred = b.node('Sub', [x, mean(x)]);
        const variance = mean(b.node('Mul', [centred, centred]));
        const root = b.node('Sqrt', [b.node('Add', [variance, b.floats(1e-5)])]);
        const unit = b.node('Div', [centred, root]);
        return b.node('Add', [b.node('Mul', [unit, vector(b)]), vector(b, 6, 4)]);
      }),
    );
    expect(ops).toEqual(['LayerNormalization']);
  });

  describe('LayerNorm in the words of other libraries:', () => {
    const features = (b: GraphBuilder, y: string) =>
      b.node('ReduceMean', [y], { axes: [-1], keepdims: 1 });
    const parts = (b: GraphBuilder, x: string) => {
      const mean = features(b, x);
      const centred = b.node('Sub', [x, mean]);
      const variance = features(b, b.node('Mul', [centred, centred]));
      const sum = b.node('Add', [variance, b.floats(1e-5)]);
      return { mean, centred, sum, root: () => b.node('Sqrt', [sum]) };
    };
    const forms: Readonly<Record<string, (b: GraphBuilder, x: string) => string>> = {
      'the root as a power': (b, x) => {
        const { centred, sum } = parts(b, x);
        const unit = b.node('Div', [centred, b.node('Pow', [sum, b.floats(0.5)])]);
        return b.node('Add', [b.node('Mul', [unit, vector(b)]), vector(b, 6, 4)]);
      },
      'the reciprocal root as a power': (b, x) => {
        const { centred, sum } = parts(b, x);
        const unit = b.node('Mul', [centred, b.node('Pow', [sum, b.floats(-0.5)])]);
        return b.node('Add', [b.node('Mul', [unit, vector(b)]), vector(b, 6, 4)]);
      },
      'the scale over the root': (b, x) => {
        const { centred, root } = parts(b, x);
        const factor = b.node('Div', [vector(b), root()]);
        return b.node('Add', [b.node('Mul', [centred, factor]), vector(b, 6, 4)]);
      },
      'the scale times the reciprocal root': (b, x) => {
        const { centred, root } = parts(b, x);
        const factor = b.node('Mul', [b.node('Reciprocal', [root()]), vector(b)]);
        return b.node('Add', [vector(b, 6, 4), b.node('Mul', [factor, centred])]);
      },
      'the mean subtracted last (TensorFlow)': (b, x) => {
        const { mean, root } = parts(b, x);
        const factor = b.node('Mul', [b.node('Reciprocal', [root()]), vector(b)]);
        const shift = b.node('Sub', [vector(b, 6, 4), b.node('Mul', [mean, factor])]);
        return b.node('Add', [b.node('Mul', [x, factor]), shift]);
      },
      'means as sums': (b, x) => {
        const mean = (y: string) =>
          b.node('Div', [b.node('ReduceSum', [y, b.ints([-1])], { keepdims: 1 }), b.floats(6)]);
        const centred = b.node('Sub', [x, mean(x)]);
        const sum = b.node('Add', [mean(b.node('Mul', [centred, centred])), b.floats(1e-5)]);
        const unit = b.node('Div', [centred, b.node('Sqrt', [sum])]);
        return b.node('Add', [b.node('Mul', [unit, vector(b)]), vector(b, 6, 4)]);
      },
    };
    test.each(Object.entries(forms))('%s', async (_, write) => {
      expect(await simplified(graphOf(write))).toEqual(['LayerNormalization']);
    });

    test('RMSNorm with the scale over the root', async () => {
      const ops = await simplified(
        graphOf((b, x) => {
          const sum = b.node('Add', [features(b, b.node('Mul', [x, x])), b.floats(1e-5)]);
          return b.node('Mul', [x, b.node('Div', [vector(b), b.node('Sqrt', [sum])])]);
        }),
      );
      expect(ops).toEqual(['SimplifiedLayerNormalization']);
    });
  });

  test('a norm over another axis stays as it is', async () => {
    const ops = await simplified(
      graphOf((b, x) => {
        const mean = (y: string) => b.node('ReduceMean', [y], { axes: [1], keepdims: 1 });
        const centred = b.node('Sub', [x, mean(x)]);
        const variance = mean(b.node('Mul', [centred, centred]));
        return b.node('Div', [
          centred,
          b.node('Sqrt', [b.node('Add', [variance, b.floats(1e-5)])]),
        ]);
      }),
    );
    expect(ops).not.toContain('LayerNormalization');
  });

  test('a fused sum and LayerNorm, its sum read as well', async () => {
    const ops = await simplified(
      graphOf((b, x) => {
        const other = b.node('Mul', [x, vector(b)]);
        const inputs = [x, other, vector(b, 6, 5), vector(b, 6, 6), vector(b, 6, 7)];
        const outputs = b.nodeWithOutputs(
          'com.microsoft.SkipLayerNormalization',
          inputs,
          { epsilon: 1e-6 },
          4,
        );
        return [outputs[0], outputs[3] ?? ''];
      }),
    );
    expect(ops.toSorted()).toEqual(['Add', 'Add', 'LayerNormalization', 'Mul']);
  });
});

test('a gate that is open or shut keeps its cast from truth values', async () => {
  const ops = await simplified(
    graphOf((b, x) => {
      const largest = b.node('ReduceMax', [x], { axes: [-1], keepdims: 1 });
      const isLargest = b.node('Equal', [x, largest]);
      const first = b.node('Slice', [isLargest, b.ints([0]), b.ints([3]), b.ints([2])]);
      const counted = b.node('Cast', [b.node('Cast', [first], { to: 7 })], { to: 1 });
      const gate = b.node('Cast', [first], { to: 1 });
      const head = b.node('Slice', [x, b.ints([0]), b.ints([3]), b.ints([2])]);
      return b.node('Mul', [b.node('Mul', [head, gate]), b.node('Cast', [counted], { to: 1 })]);
    }),
  );
  expect(ops.filter((op) => op === 'Cast')).toHaveLength(3);
});

describe('a choice between two tensors', () => {
  const above = (b: GraphBuilder, x: string) => b.node('Greater', [x, b.floats(0.2)]);
  test.each<[string, (b: GraphBuilder, x: string) => string]>([
    ['both computed', (b, x) => b.node('Where', [above(b, x), x, b.node('Tanh', [x])])],
    [
      'zeros for the rest',
      (b, x) => b.node('Where', [above(b, x), b.node('Tanh', [x]), b.floats(0)]),
    ],
    [
      'scores that are hidden',
      (b, x) => {
        const hidden = b.node('Where', [above(b, x), b.node('Tanh', [x]), b.floats(-Infinity)]);
        return b.node('Softmax', [hidden], { axis: -1 });
      },
    ],
    [
      'scores that are hidden in the same places always',
      (b, x) => {
        const places = b.constant('bool', Uint8Array.from([1, 0, 1, 1, 1, 0]), [6]);
        const hidden = b.node('Where', [places, b.node('Tanh', [x]), b.floats(-1e9)]);
        return b.node('Softmax', [hidden], { axis: -1 });
      },
    ],
  ])('%s', async (_, write) => {
    await simplified(graphOf(write));
  });
});

describe('Einsum', () => {
  const equations: readonly [string, readonly (readonly number[])[]][] = [
    ['btd,de->bte', [[6, 4]]],
    ['btd,ed->bte', [[4, 6]]],
    ['btd,bsd->bts', [[1, 7, 6]]],
    ['btd,bsd->bst', [[1, 7, 6]]],
    ['btd,dhe->bhte', [[6, 3, 2]]],
    ['...td,...ed->...te', [[1, 4, 6]]],
    ['btd,btd->bt', [[1, 5, 6]]],
    ['btd->dbt', []],
  ];
  test.each(equations)('%s', async (equation, shapes) => {
    const ops = await simplified(
      graphOf((b, x) => {
        const others = shapes.map((shape) => b.floats(picture(shape, 9), shape));
        return b.node('Einsum', [x, ...others], { equation });
      }),
    );
    expect(ops).not.toContain('Einsum');
  });

  test('of three operands is refused by name', () => {
    const graph = graphOf((b, x) => b.node('Einsum', [x, x, x], { equation: 'btd,btd,btd->bt' }));
    expect(() => simplify(graph)).toThrow(EngineError);
    expect(() => simplify(graph)).toThrow(/btd,btd,btd->bt/);
  });
});

test('operators of opset 11 take their canonical form', async () => {
  const graph = graphOf((b, x) => {
    const wide = b.node('Unsqueeze', [x], { axes: [0] });
    const parts = b.nodeWithOutputs('Split', [wide], { axis: 3, split: [2, 4] }, 2);
    const sum = b.node('ReduceSum', [parts[1] ?? ''], { axes: [-1], keepdims: 1 });
    const flat = b.node('Squeeze', [b.node('Mul', [parts[0], sum])], { axes: [0] });
    return b.node('Softmax', [flat], { axis: 2 });
  }, 11);
  const simple = simplify(graph);
  expect(simple.opsets.get('')).toBe(20);
  await simplified(graph);
});
