/** Where axes and elements go by what is told of each operator, beside where ONNX Runtime puts them. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { domainOnAxis, forget, type OnAxis } from '../../src/engine/onnx/axis-domain';
import { buildGraph } from '../../src/engine/onnx/build-graph';
import { encodeGraph } from '../../src/engine/onnx/encode-graph';
import { follow } from '../../src/engine/onnx/follow';
import type { Constant } from '../../src/engine/onnx/constant';
import type { Graph, GraphNode } from '../../src/engine/onnx/graph';
import { GraphView } from '../../src/engine/onnx/graph-view';
import { floatBytes, int64Bytes, sizeOf } from '../../src/engine/onnx/tensor-bytes';
import type { Attributes } from '../../src/engine/ops/attributes';
import { patchesOfTokens } from '../../src/engine/vit/patch-order';
import { picture, randomNormal } from '../fixtures/build-vit';

type Dims = readonly number[];

/** A shape stands for data, `~3,2` for weights; `#1,2` for integers, `#[] 1` and `#[2,2] 1,2,3,4` for such of another rank. */
type Input = Dims | string;
type Case = readonly [
  op: string,
  inputs: readonly Input[],
  attributes?: Attributes,
  outputs?: number,
];

/** The inputs that are not data. */
function constantsOf(inputs: readonly Input[]): Map<string, Constant> {
  const constants = inputs.flatMap((input, i): Constant[] => {
    const [, mark = '', shape, list = ''] = /^([#~])(?:\[(.*)\] )?(.*)$/.exec(String(input)) ?? [];
    if (mark === '') return [];
    const values = list.split(',').map(Number);
    const name = `in${i}`;
    if (mark === '~') {
      return [
        { name, type: 'float32', dims: values, data: floatBytes(picture(values, i).map(Math.abs)) },
      ];
    }
    const dims = shape?.split(',').filter(Boolean).map(Number) ?? [values.length];
    return [{ name, type: 'int64', dims, data: int64Bytes(values) }];
  });
  return new Map(constants.map((constant) => [constant.name, constant]));
}

function nodeOf([op, inputs, attributes = {}, count = 1]: Case): GraphNode {
  return {
    name: op,
    op,
    inputs: inputs.map((input, i) => (input === '' ? '' : `in${i}`)),
    outputs: Array.from({ length: count }, (_, i) => `out${i}`),
    attributes,
  };
}

function graphOf(nodes: readonly GraphNode[], from: Pick<Graph, 'inputs' | 'constants'>): Graph {
  const made = nodes.at(-1)?.outputs ?? [];
  const op = nodes.at(-1)?.op;
  const isInteger = (i: number) => op === 'ArgMax' || (op === 'TopK' && i === 1);
  return buildGraph({
    nodes,
    ...from,
    outputs: made.map((name, i) => ({ name, type: isInteger(i) ? 'int64' : 'float32', dims: [] })),
    opsets: new Map([
      ['', 20],
      ['com.microsoft', 1],
    ]),
  });
}

async function open(graph: Graph): Promise<InferenceSession> {
  const options = { logSeverityLevel: 3, graphOptimizationLevel: 'disabled' } as const;
  return InferenceSession.create(encodeGraph(graph), options);
}

const x: Dims = [2, 3, 4, 5];
const layouts: Case[] = [
  ['Reshape', [x, '#6,2,2,5']],
  ['Flatten', [x], { axis: 2 }],
  ['Squeeze', [[2, 1, 3, 1], '#1']],
  ['Unsqueeze', [x, '#0,-1']],
  ['Transpose', [x], { perm: [3, 0, 2, 1] }],
  ['Transpose', [x]],
  ['Concat', [x, [2, 7, 4, 5]], { axis: 1 }],
  ['Split', [x, '#1,3'], { axis: -2 }, 2],
  ['Slice', [x, '#1,-1', '#9,0', '#3,2', '#2,-1']],
  ['Slice', [x, '#-2', '#100', '#-1']],
  ['Slice', [x, '#0,1', '#1,3']],
  ['Gather', [x, '#[] -1'], { axis: 1 }],
  ['Gather', [x, '#3,1,2,0'], { axis: 2 }],
  ['Gather', [x, '#[2,3] 1,0,4,4,2,3'], { axis: -1 }],
  ['Tile', [x, '#1,2,1,3']],
  ['Expand', [[3, 1, 5], '#2,3,4,5']],
];

const others: Case[] = [
  ['Sub', [x, [4, 1]]],
  ['Where', [x, x, [5]]],
  ['BatchNormalization', [x, '~3', '~3', '~3', '~3']],
  ['Softmax', [x], { axis: -1 }],
  ['LayerNormalization', [x, '~5'], { axis: -1 }],
  ['LayerNormalization', [x, '~4,5'], { axis: 2 }],
  ['InstanceNormalization', [x, '~3', '~3']],
  ['LpNormalization', [x], { axis: 1 }],
  ['CumSum', [x, '#[] 1']],
  ['ReduceMean', [x, '#1,-1'], { keepdims: 0 }],
  ['ReduceSum', [x, '#2']],
  ['ReduceL2', [x], { keepdims: 0 }],
  ['GlobalAveragePool', [x]],
  ['ArgMax', [x], { axis: 1, keepdims: 0 }],
  ['TopK', [x, '#2'], { axis: 2 }, 2],
  ['MatMul', [x, [5, 7]]],
  [
    'MatMul',
    [
      [4, 5],
      [2, 3, 5, 7],
    ],
  ],
  ['MatMul', [x, [5]]],
  ['MatMul', [[4], [2, 4, 5]]],
  [
    'Gemm',
    [
      [5, 4],
      [7, 5],
      [4, 7],
    ],
    { transA: 1, transB: 1 },
  ],
  ['com.microsoft.FusedMatMul', [x, [2, 3, 7, 5]], { transB: 1 }],
  ['com.microsoft.FusedMatMul', [x, [2, 3, 4, 7]], { transA: 1 }],
  ['com.microsoft.FusedMatMul', [x, [3, 4, 5, 7]], { transBatchA: 1 }],
  [
    'com.microsoft.FusedMatMul',
    [
      [3, 4, 5],
      [3, 4, 7],
    ],
    { transBatchA: 1, transA: 1, transBatchB: 1 },
  ],
  ['Einsum', [x, [2, 5, 7]], { equation: 'bchw,bwd->bchd' }],
  ['Einsum', [x, [7, 4]], { equation: '...hw,nh->n...w' }],
  ['Conv', [x, '~6,3,2,2'], { strides: [2, 2] }],
  ['ConvTranspose', [x, '~3,2,2,2'], { strides: [2, 2] }],
  ['MaxPool', [x], { kernel_shape: [3, 2], strides: [2, 2] }],
  ['Pad', [x, '#0,0,1,1,0,0,2,0']],
  ['Resize', [x, '', '', '#2,3,8,5'], { mode: 'linear' }],
  [
    'com.microsoft.MultiHeadAttention',
    [
      [2, 4, 6],
      [2, 5, 6],
      [2, 5, 6],
    ],
    { num_heads: 2 },
  ],
];

const word = ([op, inputs, attributes = {}]: Case) =>
  `${op} ${JSON.stringify([inputs, attributes])}`;

describe('an axis lands where each of its places changes one place', () => {
  const onAxis = domainOnAxis<OnAxis>({
    agree: () => true,
    along: forget,
    flat: forget,
    joined: forget,
    taken: forget,
    reduced: forget,
    window: forget,
    product: ([side]) => side,
  });

  test.each([...layouts, ...others].map((one) => [word(one), one] as const))(
    '%s',
    async (_, one) => {
      const node = nodeOf(one);
      const data = one[1].flatMap((dims, i) =>
        typeof dims === 'string' ? [] : [{ name: `in${i}`, dims }],
      );
      const isTruth = (name: string) => node.op === 'Where' && name === 'in0';
      const graph = graphOf([node], {
        inputs: data.map(({ name, dims }) => ({
          name,
          dims,
          type: isTruth(name) ? 'bool' : 'float32',
        })),
        constants: constantsOf(one[1]),
      });
      const session = await open(graph);
      const random = randomNormal(4);
      const draw = (dims: Dims) =>
        Float32Array.from({ length: sizeOf(dims) }, () => 1 + Math.abs(random()));
      const values = new Map(data.map(({ name, dims }) => [name, draw(dims)]));
      const run = async (changes: ReadonlyMap<string, Float32Array>) => {
        const feeds = data.map(({ name, dims }): [string, Tensor] => {
          const numbers = changes.get(name) ?? new Float32Array();
          return isTruth(name)
            ? [
                name,
                new Tensor(
                  'bool',
                  Uint8Array.from(numbers, (n) => Number(n > 1.7)),
                  dims,
                ),
              ]
            : [name, new Tensor('float32', numbers, dims)];
        });
        const results = await session.run(Object.fromEntries(feeds));
        return node.outputs.map((name) => Array.from(results[name]?.data as Float32Array, Number));
      };
      const before = await run(values);
      for (const { name, dims } of data) {
        for (const [axis, size] of dims.entries()) {
          if (size === 1) continue;
          // For every output the axes along which only the place changes that was changed.
          const confined = node.outputs.map((output) =>
            (graph.shapes.get(output) ?? []).flatMap((length, i) => (length === size ? [i] : [])),
          );
          for (let place = 0; place < size; place++) {
            const inner = sizeOf(dims.slice(axis + 1));
            const other = draw(dims);
            const changed = values
              .get(name)
              ?.map((value, i) =>
                Math.floor(i / inner) % size === place ? 5 * (other[i] ?? 0) - 4 : value,
              );
            const after = await run(new Map([...values, [name, changed ?? new Float32Array()]]));
            for (const [i, output] of node.outputs.entries()) {
              const to = graph.shapes.get(output) ?? [];
              const places = (after[i] ?? []).flatMap((value, at) =>
                value === before[i]?.[at] ? [] : [at],
              );
              confined[i] = (confined[i] ?? []).filter((at) =>
                places.every(
                  (flat) => Math.floor(flat / sizeOf(to.slice(at + 1))) % size === place,
                ),
              );
            }
          }
          const facts = follow(new GraphView(graph), onAxis, [[name, { axis }]]);
          const found = node.outputs.map((output) => facts.get(output)?.axis);
          expect(
            found.map((at) => (at === undefined ? [] : [at])),
            `${name}, axis ${axis}`,
          ).toEqual(confined);
        }
      }
      await session.release();
    },
  );
});

describe('elements stand where ONNX Runtime puts them', () => {
  test.each(layouts.map((one) => [word(one), one] as const))('%s', async (_, one) => {
    const [op, inputs] = one;
    const [from, other] = inputs;
    if (typeof from !== 'object') throw new Error(`${op} has no data`);
    // A grid of numbered patches in the shape of the data, and its elements in one row behind the node.
    const grid = [sizeOf(from) / (from.at(-1) ?? 1), from.at(-1) ?? 1];
    const reshape = (input: string, output: string, shape: string): GraphNode => ({
      name: output,
      op: 'Reshape',
      inputs: [input, shape],
      outputs: [output],
      attributes: {},
    });
    const node = nodeOf(one);
    const constants = constantsOf(inputs);
    for (const [name, dims] of [
      ['shape', from],
      ['row', [1, -1, 1]],
    ] as const)
      constants.set(name, { name, type: 'int64', dims: [dims.length], data: int64Bytes(dims) });
    const beside =
      typeof other === 'object' ? [{ name: 'in1', type: 'float32', dims: other } as const] : [];
    for (const output of node.outputs) {
      const graph = graphOf(
        [reshape('grid', 'in0', 'shape'), node, reshape(output, 'elements', 'row')],
        { inputs: [{ name: 'grid', type: 'float32', dims: grid }, ...beside], constants },
      );
      const session = await open(graph);
      const results = await session.run({
        grid: new Tensor(
          'float32',
          Float32Array.from({ length: sizeOf(grid) }, (__, i) => i),
          grid,
        ),
        ...Object.fromEntries(
          beside.map(({ name, dims }) => [
            name,
            new Tensor('float32', new Float32Array(sizeOf(dims)).fill(-1), dims),
          ]),
        ),
      });
      await session.release();
      const found = patchesOfTokens(
        new GraphView(graph),
        { tensor: 'grid', rowAxis: 0, columnAxis: 1 },
        'elements',
      );
      expect(found).toEqual(Array.from(results.elements?.data as Float32Array));
    }
  });
});
