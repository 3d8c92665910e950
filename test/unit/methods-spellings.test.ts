/** One function, written in the ways that exporters and optimisers write it, has one map. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openExplainer } from '../../src/engine/open-explainer';
import { picture } from '../fixtures/build-vit';
import {
  dim,
  epsilon,
  heads,
  inputDims,
  spelledVit,
  tokens,
  usual,
  type Parts,
  type Pen,
} from '../fixtures/spelled-vit';

/** Methods that are variations of these, or run them many times, are left out. */
const compared = [
  'attention_rollout',
  'attnlrp',
  'attnlrp_blocks',
  'full',
  'gae',
  'gradcam',
  'gradcam_attention',
  'input_x_gradient',
  'legrad',
  'libra_fullgrad',
  'transformer_attribution',
];

let folder = '';
let expected: ReadonlyMap<string, Float32Array> = new Map();

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'spellings-'));
  expected = await mapsOf(spelledVit());
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The map of one class by every method, and the logits. */
async function mapsOf(bytes: Uint8Array): Promise<Map<string, Float32Array>> {
  const file = path.join(folder, 'vit.onnx');
  await writeFile(file, bytes);
  const explainer = await openExplainer(file, {
    threads: 1,
    provider: 'cpu',
    cacheFolder: undefined,
  });
  try {
    const classified = await explainer.classify(picture(inputDims));
    const maps = new Map([['logits', classified.logits]]);
    for (const method of compared)
      maps.set(method, (await explainer.explain(classified, method, {}, [1])).maps);
    return maps;
  } finally {
    await explainer.release();
  }
}

/** Largest difference over the largest value, of each map that is another one than expected. */
async function othersThanExpected(bytes: Uint8Array): Promise<Record<string, number>> {
  const others: Record<string, number> = {};
  for (const [id, map] of await mapsOf(bytes)) {
    const wanted = expected.get(id) ?? new Float32Array();
    const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const off = map.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - (wanted[i] ?? NaN))),
      0,
    );
    if (!(off <= 1e-4 * largest)) others[id] = off / largest;
  }
  return others;
}

const headDim = dim / heads;
const scale = 1 / Math.sqrt(headDim);

/** Scores of queries and keys in heads, unscaled. */
const product = (pen: Pen, q: string, k: string) =>
  pen.node('MatMul', [pen.inHeads(q), pen.transpose(pen.inHeads(k), [0, 1, 3, 2])]);
/** The weighted sum, from scaled scores. */
const context = (pen: Pen, scores: string, v: string) =>
  pen.joined(pen.node('MatMul', [pen.node('Softmax', [scores], { axis: -1 }), pen.inHeads(v)]));
const times = (pen: Pen, x: string, factor: number) => pen.node('Mul', [x, pen.number(factor)]);
const scaled = (pen: Pen, q: string, k: string) => times(pen, product(pen, q, k), scale);
/** The parts of `[D, 3 D]` and `[3 D]` that queries, keys and values are made with. */
const part = (pen: Pen, name: string, i: number) => {
  const all = pen.values(`${name} qkv weight`, [dim, 3 * dim]);
  const weight = Float32Array.from(
    { length: dim * dim },
    (_, at) => all[Math.floor(at / dim) * 3 * dim + i * dim + (at % dim)] ?? 0,
  );
  const bias = pen.values(`${name} qkv bias`, [3 * dim]).slice(i * dim, (i + 1) * dim);
  return { weight: pen.b.floats(weight, [dim, dim]), bias };
};
const gate = (pen: Pen, x: string) => {
  const erf = pen.node('Erf', [times(pen, x, Math.SQRT1_2)]);
  return times(pen, pen.node('Add', [pen.number(1), erf]), 0.5);
};
const scaleAndShift = (pen: Pen, x: string, name: string) =>
  pen.node('Add', [
    pen.node('Mul', [x, pen.weight(`${name} scale`, [dim], 0.2, 1)]),
    pen.weight(`${name} shift`, [dim], 0.2),
  ]);
const variance = (pen: Pen, centred: string) => pen.mean(pen.node('Mul', [centred, centred]));

const spellings: Readonly<Record<string, Partial<Parts>>> = {
  'scores divided': {
    weighted: (pen, q, k, v) =>
      context(pen, pen.node('Div', [product(pen, q, k), pen.number(Math.sqrt(headDim))]), v),
  },
  'queries scaled': {
    weighted: (pen, q, k, v) => context(pen, product(pen, times(pen, q, scale), k), v),
  },
  'keys scaled': {
    weighted: (pen, q, k, v) => context(pen, product(pen, q, times(pen, k, scale)), v),
  },
  'queries and keys scaled by the root': {
    weighted: (pen, q, k, v) =>
      context(pen, product(pen, times(pen, q, scale ** 0.5), times(pen, k, scale ** 0.5)), v),
  },
  'scaled in the weights of the queries': {
    projections: (pen, x, name) =>
      [scale, 1, 1].map((factor, i) => {
        const { weight, bias } = part(pen, name, i);
        const values = pen.b.constantOf(weight);
        const numbers = new Float32Array(new Uint8Array(values?.data ?? []).buffer);
        const product = pen.node('MatMul', [
          x,
          pen.b.floats(
            numbers.map((value) => value * factor),
            [dim, dim],
          ),
        ]);
        return pen.node('Add', [product, pen.b.floats(bias.map((value) => value * factor))]);
      }),
    weighted: (pen, q, k, v) => context(pen, product(pen, q, k), v),
  },
  'softmax over another axis': {
    weighted: (pen, q, k, v) => {
      const turned = pen.node('MatMul', [
        pen.inHeads(k),
        pen.transpose(pen.inHeads(q), [0, 1, 3, 2]),
      ]);
      const attention = pen.node('Softmax', [times(pen, turned, scale)], { axis: -2 });
      const weights = pen.transpose(attention, [0, 1, 3, 2]);
      return pen.joined(pen.node('MatMul', [weights, pen.inHeads(v)]));
    },
  },
  'values on the left of the attention': {
    weighted: (pen, q, k, v) => {
      const attention = pen.node('Softmax', [scaled(pen, q, k)], { axis: -1 });
      const columns = pen.transpose(pen.inHeads(v), [0, 1, 3, 2]);
      const sum = pen.node('MatMul', [columns, pen.transpose(attention, [0, 1, 3, 2])]);
      return pen.joined(pen.transpose(sum, [0, 1, 3, 2]));
    },
  },
  'a softmax spelled out': {
    weighted: (pen, q, k, v) => {
      const scores = scaled(pen, q, k);
      const largest = pen.node('ReduceMax', [scores], { axes: [-1], keepdims: 1 });
      const exponentials = pen.node('Exp', [pen.node('Sub', [scores, largest])]);
      const total = pen.node('ReduceSum', [exponentials, pen.b.ints([-1])], { keepdims: 1 });
      const attention = pen.node('Div', [exponentials, total]);
      return pen.joined(pen.node('MatMul', [attention, pen.inHeads(v)]));
    },
  },
  'scores in a range': {
    weighted: (pen, q, k, v) =>
      context(pen, pen.node('Clip', [scaled(pen, q, k), pen.number(-1e4), pen.number(1e4)]), v),
  },
  'a mask that hides nothing': {
    weighted: (pen, q, k, v) => {
      const all = pen.b.constant('bool', new Uint8Array(tokens * tokens).fill(1), [tokens, tokens]);
      return context(pen, pen.node('Where', [all, scaled(pen, q, k), pen.number(-Infinity)]), v);
    },
  },
  'heads in the axis of the batch': {
    weighted: (pen, q, k, v) => {
      const inBatch = (x: string) =>
        pen.transpose(
          pen.reshape(pen.transpose(x, [1, 0, 2]), [tokens, pen.batch * heads, headDim]),
          [1, 0, 2],
        );
      const scores = pen.node('MatMul', [inBatch(q), pen.transpose(inBatch(k), [0, 2, 1])]);
      const attention = pen.node('Softmax', [times(pen, scores, scale)], { axis: -1 });
      const sum = pen.node('MatMul', [attention, inBatch(v)]);
      const back = pen.reshape(pen.transpose(sum, [1, 0, 2]), [tokens, pen.batch, dim]);
      return pen.transpose(back, [1, 0, 2]);
    },
  },
  'MultiHeadAttention with the biases inside': {
    attention: (pen, x, name, parts) => {
      const operands = [0, 1, 2].map((i) => pen.node('MatMul', [x, part(pen, name, i).weight]));
      const bias = pen.weight(`${name} qkv bias`, [3 * dim]);
      const sum = pen.node('com.microsoft.MultiHeadAttention', [...operands, bias], {
        num_heads: heads,
      });
      return parts.linear(pen, sum, dim, `${name} out`);
    },
  },
  'MultiHeadAttention with the biases outside': {
    attention: (pen, x, name, parts) => {
      const operands = [0, 1, 2].map((i) => {
        const { weight, bias } = part(pen, name, i);
        return pen.node('Add', [pen.node('MatMul', [x, weight]), pen.b.floats(bias)]);
      });
      const sum = pen.node('com.microsoft.MultiHeadAttention', operands, { num_heads: heads });
      return parts.linear(pen, sum, dim, `${name} out`);
    },
  },
  'Attention of com.microsoft': {
    attention: (pen, x, name, parts) => {
      const weight = pen.weight(`${name} qkv weight`, [dim, 3 * dim]);
      const bias = pen.weight(`${name} qkv bias`, [3 * dim]);
      const sum = pen.node('com.microsoft.Attention', [x, weight, bias], { num_heads: heads });
      return parts.linear(pen, sum, dim, `${name} out`);
    },
  },
  'three projections': {
    projections: (pen, x, name) =>
      [0, 1, 2].map((i) => {
        const { weight, bias } = part(pen, name, i);
        return pen.node('Add', [pen.b.floats(bias), pen.node('MatMul', [x, weight])]);
      }),
  },
  'projections cut by Slice': {
    projections: (pen, x, name) => {
      const all = usual.linear(pen, x, 3 * dim, `${name} qkv`);
      return [0, 1, 2].map((i) =>
        pen.node('Slice', [all, ...[i * dim, (i + 1) * dim, 2].map((n) => pen.b.ints([n]))]),
      );
    },
  },
  'projections picked by Gather': {
    projections: (pen, x, name) => {
      const all = usual.linear(pen, x, 3 * dim, `${name} qkv`);
      const apart = pen.transpose(pen.reshape(all, [pen.batch, tokens, 3, dim]), [2, 0, 1, 3]);
      return [0, 1, 2].map((i) => pen.node('Gather', [apart, pen.b.ints(i)], { axis: 0 }));
    },
  },
  'linear maps as Gemm over rows': {
    linear: (pen, x, width, name) => {
      const from = pen.b.shapeOf(x).at(-1) ?? 0;
      const weight = pen.weight(`${name} weight`, [from, width]);
      const rows = pen.node('Gemm', [
        pen.reshape(x, [pen.batch * tokens, from]),
        weight,
        pen.weight(`${name} bias`, [width]),
      ]);
      return pen.reshape(rows, [pen.batch, tokens, width]);
    },
  },
  'linear maps as Gemm with factors': {
    linear: (pen, x, width, name) => {
      const from = pen.b.shapeOf(x).at(-1) ?? 0;
      const weight = pen.values(`${name} weight`, [from, width]).map((value) => value / 2);
      const bias = pen.values(`${name} bias`, [width]).map((value) => value * 4);
      const inputs = [
        pen.reshape(x, [pen.batch * tokens, from]),
        pen.b.floats(weight, [from, width]),
        pen.b.floats(bias),
      ];
      const rows = pen.node('Gemm', inputs, { alpha: 2, beta: 0.25 });
      return pen.reshape(rows, [pen.batch, tokens, width]);
    },
  },
  'linear maps with the weight on the left': {
    linear: (pen, x, width, name) => {
      const from = pen.b.shapeOf(x).at(-1) ?? 0;
      const values = pen.values(`${name} weight`, [from, width]);
      const turned = Float32Array.from(
        { length: from * width },
        (_, at) => values[(at % from) * width + Math.floor(at / from)] ?? 0,
      );
      const columns = pen.node('MatMul', [
        pen.b.floats(turned, [width, from]),
        pen.transpose(x, [0, 2, 1]),
      ]);
      const bias = pen.weight(`${name} bias`, [width]);
      return pen.node('Add', [pen.transpose(columns, [0, 2, 1]), bias]);
    },
  },
  'linear maps as convolutions of one pixel': {
    linear: (pen, x, width, name) => {
      const from = pen.b.shapeOf(x).at(-1) ?? 0;
      const values = pen.values(`${name} weight`, [from, width]);
      const turned = Float32Array.from(
        { length: from * width },
        (_, at) => values[(at % from) * width + Math.floor(at / from)] ?? 0,
      );
      const grid = pen.reshape(pen.transpose(x, [0, 2, 1]), [1, from, 1, tokens]);
      const inputs = [
        grid,
        pen.b.floats(turned, [width, from, 1, 1]),
        pen.weight(`${name} bias`, [width]),
      ];
      const mixed = pen.node('Conv', inputs, { kernel_shape: [1, 1] });
      return pen.transpose(pen.reshape(mixed, [1, width, tokens]), [0, 2, 1]);
    },
  },
  'a bias taken away': {
    linear: (pen, x, width, name) => {
      const from = pen.b.shapeOf(x).at(-1) ?? 0;
      const product = pen.node('MatMul', [x, pen.weight(`${name} weight`, [from, width])]);
      const bias = pen.values(`${name} bias`, [width]).map((value) => -value);
      return pen.node('Sub', [product, pen.b.floats(bias)]);
    },
  },
  BiasGelu: {
    linear: usual.linear,
    activation: (pen, x) => {
      const zeros = pen.b.floats(new Float32Array(2 * dim));
      return pen.node('com.microsoft.BiasGelu', [x, zeros]);
    },
  },
  'the gate of GELU first': {
    activation: (pen, x) => pen.node('Mul', [gate(pen, x), x]),
  },
  'GELU with the half in its argument': {
    activation: (pen, x) => pen.node('Mul', [times(pen, x, 0.5), times(pen, gate(pen, x), 2)]),
  },
  'norms spelled out': {
    norm: (pen, x, name) => {
      const centred = pen.node('Sub', [x, pen.mean(x)]);
      const root = pen.node('Sqrt', [
        pen.node('Add', [variance(pen, centred), pen.number(epsilon)]),
      ]);
      return scaleAndShift(pen, pen.node('Div', [centred, root]), name);
    },
  },
  'norms by the reciprocal root': {
    norm: (pen, x, name) => {
      const centred = pen.node('Sub', [x, pen.mean(x)]);
      const square = pen.node('Add', [variance(pen, centred), pen.number(epsilon)]);
      const inverse = pen.node('Reciprocal', [pen.node('Sqrt', [square])]);
      return scaleAndShift(pen, pen.node('Mul', [centred, inverse]), name);
    },
  },
  'norms by a power': {
    norm: (pen, x, name) => {
      const centred = pen.node('Sub', [x, pen.mean(x)]);
      const square = pen.node('Add', [variance(pen, centred), pen.number(epsilon)]);
      const inverse = pen.node('Pow', [square, pen.number(-0.5)]);
      return scaleAndShift(pen, pen.node('Mul', [centred, inverse]), name);
    },
  },
  'norms with the mean of squares': {
    norm: (pen, x, name) => {
      const mean = pen.mean(x);
      const squares = pen.mean(pen.node('Mul', [x, x]));
      const spread = pen.node('Sub', [squares, pen.node('Mul', [mean, mean])]);
      const root = pen.node('Sqrt', [pen.node('Add', [spread, pen.number(epsilon)])]);
      return scaleAndShift(pen, pen.node('Div', [pen.node('Sub', [x, mean]), root]), name);
    },
  },
  'norms without scale and shift of their own': {
    norm: (pen, x, name) => {
      const ones = pen.b.floats(new Float32Array(dim).fill(1));
      const unit = pen.node('LayerNormalization', [x, ones], { axis: -1, epsilon });
      return scaleAndShift(pen, unit, name);
    },
  },
  'sums the other way round': { add: (pen, x, y) => pen.node('Add', [y, x]) },
  'sums as Sum': { add: (pen, x, y) => pen.node('Sum', [x, y]) },
  'the class token cut out by Slice': {
    readout: (pen, stream) =>
      pen.reshape(pen.node('Slice', [stream, ...[0, 1, 1].map((n) => pen.b.ints([n]))]), [1, dim]),
  },
  'the class token split off': {
    readout: (pen, stream) =>
      pen.reshape(pen.split(stream, [1, tokens - 1], 1)[0] ?? '', [pen.batch, dim]),
  },
  'length as the root of a sum of squares': {
    unit: (pen, x) => {
      const squares = pen.node(
        'ReduceSum',
        [pen.node('Pow', [x, pen.number(2)]), pen.b.ints([-1])],
        { keepdims: 1 },
      );
      return pen.node('Div', [x, pen.node('Pow', [squares, pen.number(0.5)])]);
    },
  },
  'length by ReduceSumSquare': {
    unit: (pen, x) => {
      const squares = pen.node('ReduceSumSquare', [x], { axes: [-1], keepdims: 1 });
      return pen.node('Div', [x, pen.node('Sqrt', [squares])]);
    },
  },
  LpNormalization: { unit: (pen, x) => pen.node('LpNormalization', [x], { axis: -1, p: 2 }) },
  'length guarded and stretched': {
    unit: (pen, x) => {
      const length = pen.node('ReduceL2', [x], { axes: [-1], keepdims: 1 });
      const guarded = pen.node('Clip', [length, pen.number(1e-12)]);
      return pen.node('Div', [x, pen.node('Expand', [guarded, pen.b.ints([1, dim])])]);
    },
  },
  'length by the largest of two': {
    unit: (pen, x) => {
      const length = pen.node('ReduceL2', [x], { axes: [-1], keepdims: 1 });
      return pen.node('Div', [x, pen.node('Max', [length, pen.number(1e-12)])]);
    },
  },
  'length as the reciprocal root': {
    unit: (pen, x) => {
      const squares = pen.node('ReduceSum', [pen.node('Mul', [x, x]), pen.b.ints([-1])], {
        keepdims: 1,
      });
      return pen.node('Mul', [x, pen.node('Reciprocal', [pen.node('Sqrt', [squares])])]);
    },
  },
  'length with a little more under the root': {
    unit: (pen, x) => {
      const squares = pen.node('ReduceSum', [pen.node('Mul', [x, x]), pen.b.ints([-1])], {
        keepdims: 1,
      });
      const root = pen.node('Sqrt', [pen.node('Add', [squares, pen.number(1e-12)])]);
      return pen.node('Div', [x, root]);
    },
  },
};

describe('the same map as the usual spelling:', () => {
  test.each(Object.entries(spellings))('%s', async (_, parts) => {
    expect(await othersThanExpected(spelledVit(parts))).toEqual({});
  });
});

describe('the same map where the file takes a fixed number of pictures:', () => {
  // As many as there are heads, tokens, features; and spellings that bake the number in elsewhere.
  test.each<[number, keyof typeof spellings | undefined]>([
    [2, undefined],
    [4, undefined],
    [tokens, undefined],
    [dim, undefined],
    [3, 'heads in the axis of the batch'],
    [2, 'projections picked by Gather'],
    [3, 'linear maps as Gemm over rows'],
    [2, 'MultiHeadAttention with the biases inside'],
    [2, 'Attention of com.microsoft'],
    [2, 'softmax over another axis'],
    [3, 'the class token split off'],
    [2, 'norms spelled out'],
  ])('%i, %s', async (batch, spelling) => {
    const parts = spelling === undefined ? {} : spellings[spelling];
    expect(await othersThanExpected(spelledVit(parts, batch))).toEqual({});
  });

  test('but not where the pictures are mixed', async () => {
    const norm: Parts['norm'] = (pen, x, name) => {
      const mean = pen.node('ReduceMean', [x], { axes: [0], keepdims: 1 });
      return usual.norm(pen, pen.node('Sub', [x, mean]), name);
    };
    await expect(mapsOf(spelledVit({ norm }, 2))).rejects.toThrow(/2 pictures at once.*ReduceMean/);
  });
});

test('where a linear map is a sum of several, relevance says that it depends on it', async () => {
  const unmerged: Parts['linear'] = (pen, x, width, name) => {
    const from = pen.b.shapeOf(x).at(-1) ?? 0;
    const down = pen.node('MatMul', [x, pen.weight(`${name} A`, [from, 2])]);
    const low = pen.node('MatMul', [down, pen.weight(`${name} B`, [2, width])]);
    return pen.node('Add', [usual.linear(pen, x, width, name), times(pen, low, 0.5)]);
  };
  const file = path.join(folder, 'notices.onnx');
  const noticesFor = async (bytes: Uint8Array, method: string, asked = {}) => {
    await writeFile(file, bytes);
    const options = { threads: 1, provider: 'cpu', cacheFolder: undefined } as const;
    const explainer = await openExplainer(file, options);
    const notices = explainer.noticesOf({ method, options: asked });
    await explainer.release();
    return notices;
  };
  const [notice = '', ...others] = await noticesFor(
    spelledVit({ linear: unmerged }),
    'transformer_attribution',
  );
  // Two blocks of three linear maps that are written so.
  expect(notice).toContain('6 linear maps');
  expect(others).toEqual([]);
  expect(await noticesFor(spelledVit({ linear: unmerged }), 'gae')).toEqual([]);
  expect(await noticesFor(spelledVit(), 'transformer_attribution')).toEqual([]);
  expect(await noticesFor(spelledVit(), 'gae', { startLayer: 1 })).toEqual([]);
  const [idle] = await noticesFor(spelledVit(), 'attention', { startLayer: 1 });
  expect(idle).toContain('has no start layer');
});

test('blocks with different numbers of heads, as pruning leaves them', async () => {
  const attention: Parts['attention'] = (pen, x, name, parts) => {
    const [q = '', k = '', v = ''] = usual.projections(pen, x, name);
    const sum = pen.node('com.microsoft.MultiHeadAttention', [q, k, v], {
      num_heads: name === 'first' ? heads : 1,
    });
    return parts.linear(pen, sum, dim, `${name} out`);
  };
  for (const [id, map] of await mapsOf(spelledVit({ attention }))) {
    expect(map.every(Number.isFinite), id).toBe(true);
    expect(Math.max(...map), id).toBeGreaterThan(0);
  }
});
