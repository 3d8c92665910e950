/** What a model's numbers mean, whatever way they are made in: random heads, and ends of all kinds. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EngineError } from '../../src/engine/engine-error';
import type { Explainer } from '../../src/engine/explainer';
import { openExplainer } from '../../src/engine/open-explainer';
import { decodeGraph } from '../../src/engine/onnx/decode-graph';
import { encodeGraph } from '../../src/engine/onnx/encode-graph';
import { optimiseTo } from '../../src/engine/onnx/optimise';
import { parseModel } from '../../src/engine/onnx/read-model';
import { simplify } from '../../src/engine/onnx/simplify';
import { probabilitiesOf } from '../../src/engine/outputs/probabilities';
import { readOutput, type OutputRequest } from '../../src/engine/outputs/read-output';
import { findStructure } from '../../src/engine/vit/find-structure';
import type { OutputKind } from '../../src/shared/output-kind';
import { buildVit, picture, randomNormal, type VitOptions } from '../fixtures/build-vit';
import type { ModelBuilder } from '../fixtures/model-builder';
import { editModel, floatValues } from '../fixtures/edit-model';
import { largestDifference, runModel } from '../fixtures/run-model';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'outputs-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

type End = (b: ModelBuilder, logits: string) => string;

let files = 0;
const pixels = picture([1, 3, 8, 12]);

interface Opened {
  readonly explainer: Explainer;
}

async function open(
  end: End,
  options: VitOptions,
  output: OutputRequest = { names: 0 },
): Promise<Opened> {
  files += 1;
  const file = path.join(folder, `${files}.onnx`);
  await writeFile(file, buildVit({ seed: files, ...options }, end).bytes);
  const explainer = await openExplainer(file, {
    threads: 1,
    provider: 'cpu',
    cacheFolder: undefined,
    output,
  });
  return { explainer };
}

interface Read {
  readonly kind: OutputKind;
  readonly assumed: readonly string[];
  readonly outputs: Float32Array;
  readonly probabilities: readonly number[] | undefined;
  /** What ONNX Runtime gives for the same file. */
  readonly raw: Float32Array;
}

/** Without the comparison that an opening makes: these graphs are many, and compared right here. */
async function read(end: End, options: VitOptions, output?: OutputRequest): Promise<Read> {
  files += 1;
  const { bytes } = buildVit({ seed: files, ...options }, end);
  const raw = await runModel(bytes, pixels, [1, 3, 8, 12], 'logits', 'disabled');
  const optimised = path.join(folder, `${files}.onnx`);
  await optimiseTo(optimised, bytes, 'extended');
  const canonical = simplify(decodeGraph(parseModel(await readFile(optimised), 'model.onnx')));
  const { graph, kind, assumed } = await readOutput(canonical, output ?? { names: 0 });
  findStructure(graph);
  const outputs = await runModel(encodeGraph(graph), pixels, [1, 3, 8, 12]);
  const probabilities = probabilitiesOf(outputs, kind);
  return {
    kind,
    assumed: assumed.map(({ value }) => value),
    outputs,
    probabilities: probabilities && [...probabilities],
    raw,
  };
}

const softmax: End = (b, x) => b.node('Softmax', [x], { axis: -1 });
const logSoftmax: End = (b, x) => b.node('LogSoftmax', [x], { axis: -1 });
const sigmoid: End = (b, x) => b.node('Sigmoid', [x]);
const times: (factor: number) => End = (factor) => (b, x) => b.node('Mul', [x, b.floats(factor)]);
const plus: (term: number) => End = (term) => (b, x) => b.node('Add', [x, b.floats(term)]);
const chain =
  (...steps: readonly End[]): End =>
  (b, x) =>
    steps.reduce((tensor, step) => step(b, tensor), x);
const op =
  (name: string, attributes = {}): End =>
  (b, x) =>
    b.node(name, [x], attributes);
const sumOf: End = (b, x) => b.node('ReduceSum', [x, b.ints([1])], { keepdims: 1 });
const shared: End = (b, x) => b.node('Div', [x, sumOf(b, x)]);
const clipped: (low: number, high: number) => End = (low, high) => (b, x) =>
  b.node('Clip', [x, b.floats(low), b.floats(high)]);
const oneMinus: End = (b, x) => b.node('Sub', [b.floats(1), x]);
const sides =
  (first: End, second: End): End =>
  (b, x) =>
    b.node('Concat', [first(b, x), second(b, x)], { axis: 1 });
const same: End = (_, x) => x;
const column: (index: number) => End = (index) => (b, x) =>
  b.node('Gather', [x, b.ints([index])], { axis: 1 });

/** A second head, as a linear layer on the first one. */
const other: End = (b, x) => {
  const random = randomNormal(5);
  const width = b.shapeOf(x)[1] ?? 0;
  const weight = Float32Array.from({ length: width * width }, () => random());
  return times(3)(b, b.node('Tanh', [b.node('MatMul', [x, b.floats(weight, [width, width])])]));
};
const both =
  (join: string, before: End = same): End =>
  (b, x) =>
    b.node(join, [before(b, x), before(b, other(b, x))]);

/** Means of pairs by a product with weights, as of templates. */
const averaged: End = (b, x) => {
  const two = b.node('Concat', [softmax(b, x), softmax(b, other(b, x))], { axis: 1 });
  const weight = Float32Array.from({ length: 50 }, (_, i) =>
    Math.floor(i / 5) % 5 === i % 5 ? 0.5 : 0,
  );
  return b.node('MatMul', [two, b.floats(weight, [10, 5])]);
};
const stacked: End = (b, x) => {
  const parts = [softmax(b, x), softmax(b, other(b, x))].map((part) =>
    b.node('Unsqueeze', [part, b.ints([0])]),
  );
  return b.node('ReduceMean', [b.node('Concat', parts, { axis: 0 })], { axes: [0], keepdims: 0 });
};

const given = (raw: Float32Array) => [...raw];
const hundredth = (raw: Float32Array) => [...raw].map((x) => x / 100);
const exponential = (raw: Float32Array) => [...raw].map(Math.exp);
const powersOf = (base: number) => (raw: Float32Array) => [...raw].map((x) => base ** x);
const withOther = (raw: Float32Array) => [1 - (raw[0] ?? 0), raw[0] ?? 0];
const logistic = (raw: Float32Array) => [...raw].map((x) => 1 / (1 + Math.exp(-x)));
const exclusive = (raw: Float32Array) => {
  const sum = exponential(raw).reduce((a, b) => a + b);
  return exponential(raw).map((x) => x / sum);
};

/** [name, classes, end, kind, probabilities from what the file gives, assumed] */
type Case = readonly [string, number, End, OutputKind, (raw: Float32Array) => number[], boolean?];

const cases: readonly Case[] = [
  // Logits
  ['nothing behind the logits', 5, same, 'softmax', exclusive, true],
  ['a temperature', 5, times(0.3), 'softmax', exclusive, true],
  ['the mean of two heads', 5, chain(both('Add'), times(0.5)), 'softmax', exclusive, true],
  ['the larger of two heads', 5, both('Max'), 'softmax', exclusive, true],
  ['squashed logits', 5, chain(op('Tanh'), times(10)), 'softmax', exclusive, true],
  // Softmax
  ['a softmax', 5, softmax, 'softmax', given],
  ['a softmax of many classes', 40, softmax, 'softmax', given],
  ['percentages', 5, chain(softmax, times(100)), 'softmax', hundredth],
  ['a softmax with a temperature', 5, chain(times(0.2), softmax), 'softmax', given],
  ['the logarithm of a softmax', 5, op('LogSoftmax', { axis: -1 }), 'softmax', exponential],
  ['a logarithm behind a softmax', 5, chain(softmax, op('Log')), 'softmax', exponential],
  ['a negated log-softmax', 5, chain(logSoftmax, op('Neg')), 'softmax', powersOf(1 / Math.E)],
  [
    'a softmax’s logarithm to 10',
    5,
    chain(logSoftmax, times(1 / Math.LN10)),
    'softmax',
    powersOf(10),
  ],
  ['decibels', 5, chain(logSoftmax, times(-10 / Math.LN10)), 'softmax', powersOf(10 ** -0.1)],
  ['a halved log-softmax', 2, chain(logSoftmax, times(0.5)), 'softmax', powersOf(Math.E ** 2)],
  ['exp of a log-softmax', 5, chain(op('LogSoftmax', { axis: -1 }), op('Exp')), 'softmax', given],
  ['exp over its sum', 5, chain(op('Exp'), shared), 'softmax', given],
  [
    'exp over its sum, shifted',
    5,
    chain(
      (b, x) => b.node('Sub', [x, b.node('ReduceMax', [x], { axes: [1], keepdims: 1 })]),
      op('Exp'),
      shared,
    ),
    'softmax',
    given,
  ],
  ['a softmax, clipped against zero', 5, chain(softmax, clipped(1e-7, 1 - 1e-7)), 'softmax', given],
  ['a softmax with a small term', 5, chain(softmax, plus(1e-8)), 'softmax', given],
  [
    'a softmax of the mean of two heads',
    5,
    chain(both('Add'), times(0.5), softmax),
    'softmax',
    given,
  ],
  [
    'a softmax in another shape',
    5,
    (b, x) =>
      b.node('Reshape', [
        b.node('Softmax', [b.node('Reshape', [x, b.ints([1, 1, 5])])], { axis: 2 }),
        b.ints([1, 5]),
      ]),
    'softmax',
    given,
  ],
  ['the positive class alone', 2, chain(softmax, column(1)), 'softmax', withOther],
  [
    'the positive class alone, as a plain number',
    2,
    (b, x) => b.node('Gather', [softmax(b, x), b.ints(1)], { axis: 1 }),
    'softmax',
    withOther,
  ],
  // Sigmoid
  ['sigmoids', 5, sigmoid, 'sigmoid', given],
  ['sigmoids in per cent', 5, chain(sigmoid, times(100)), 'sigmoid', hundredth],
  [
    'sigmoids, spelled out',
    5,
    chain(op('Neg'), op('Exp'), plus(1), op('Reciprocal')),
    'sigmoid',
    given,
  ],
  ['sigmoids by tanh', 5, chain(times(0.5), op('Tanh'), plus(1), times(0.5)), 'sigmoid', given],
  ['sigmoids from 1', 5, chain(sigmoid, oneMinus), 'sigmoid', given],
  ['logarithms of sigmoids', 5, chain(sigmoid, op('Log')), 'sigmoid', exponential],
  [
    'sigmoids’ logarithms to 10',
    5,
    chain(sigmoid, op('Log'), times(1 / Math.LN10)),
    'sigmoid',
    powersOf(10),
  ],
  ['softplus', 5, op('Softplus'), 'softmax', exclusive, true],
  ['clipped sigmoids', 5, chain(sigmoid, clipped(1e-6, 1 - 1e-6)), 'sigmoid', given],
  // One number
  ['one logit', 1, same, 'binary', logistic, true],
  [
    'one logit without its axis',
    1,
    (b, x) => b.node('Squeeze', [x, b.ints([1])]),
    'binary',
    logistic,
    true,
  ],
  ['one sigmoid', 1, sigmoid, 'binary', given],
  [
    'one sigmoid without its axis',
    1,
    (b, x) => b.node('Squeeze', [sigmoid(b, x), b.ints([1])]),
    'binary',
    given,
  ],
  ['one sigmoid from 1', 1, chain(sigmoid, oneMinus), 'binary', given],
  ['[1 − p, p]', 1, chain(sigmoid, sides(oneMinus, same)), 'binary', given],
  ['[p, 1 − p]', 1, chain(sigmoid, sides(same, oneMinus)), 'binary', given],
  ['a softmax beside a constant zero', 1, chain(sides(times(0), same), softmax), 'binary', given],
  // Probabilities without a logit
  ['the mean of two softmaxes', 5, chain(both('Add', softmax), times(0.5)), 'probability', given],
  ['such a mean in per cent', 5, chain(both('Add', softmax), times(50)), 'probability', hundredth],
  ['a mean over stacked softmaxes', 5, stacked, 'probability', given],
  ['a mean by a product with weights', 5, averaged, 'probability', given],
  [
    'an unequal mean',
    5,
    (b, x) => b.node('Add', [times(0.7)(b, softmax(b, x)), times(0.3)(b, softmax(b, other(b, x)))]),
    'probability',
    given,
  ],
  ['a product of two softmaxes', 5, chain(both('Mul', softmax), shared), 'probability', given],
  [
    'the logarithm of a mean of softmaxes',
    5,
    chain(both('Add', softmax), times(0.5), op('Log')),
    'softmax',
    exponential,
  ],
  ...([-1, 1 / Math.LN10, -1 / Math.LN2] as const).map((factor): Case => [
    `${factor} times the logarithm of a mean of softmaxes`,
    5,
    chain(both('Add', softmax), times(0.5), op('Log'), times(factor)),
    'softmax',
    powersOf(Math.exp(1 / factor)),
  ]),
  ['a strongly clipped softmax', 5, chain(softmax, clipped(0.05, 0.9)), 'probability', given, true],
  [
    'some classes of a softmax',
    5,
    (b, x) => b.node('Gather', [softmax(b, x), b.ints([4, 1])], { axis: 1 }),
    'probability',
    given,
    true,
  ],
  [
    'classes in another order',
    5,
    (b, x) => b.node('Gather', [softmax(b, x), b.ints([4, 1, 0, 2, 3])], { axis: 1 }),
    'probability',
    given,
  ],
  [
    'numbers above zero over their sum',
    5,
    chain(op('Relu'), plus(1e-3), shared),
    'probability',
    given,
  ],
  [
    'the mean of two sigmoids',
    5,
    chain(both('Add', sigmoid), times(0.5)),
    'probability',
    given,
    true,
  ],
  [
    'the mean of two single sigmoids',
    1,
    chain(both('Add', sigmoid), times(0.5)),
    'probability',
    given,
    true,
  ],
];

describe('an end is recognised:', () => {
  for (const [name, classes, end, kind, expected, isAssumed = false] of cases) {
    test(name, async () => {
      const found = await read(end, { classes });
      expect(found.kind).toBe(kind);
      expect(largestDifference(found.probabilities ?? [], expected(found.raw))).toBeLessThan(2e-6);
      expect(found.assumed).toHaveLength(isAssumed ? 1 : 0);
    });
  }

  test('the fusion of two heads of a DeiT', async () => {
    const found = await read(same, { readout: 'late-fusion', prefixTokens: 2 });
    expect(found.kind).toBe('probability');
    expect(largestDifference(found.outputs, found.raw)).toBeLessThan(2e-6);
  });
});

describe('one number that is no logit is a value:', () => {
  test.each<readonly [string, End]>([
    ['never below zero', op('Relu')],
    ['a rating from 1 to 5', chain(sigmoid, times(4), plus(1))],
    ['a count', op('Exp')],
    ['between −1 and 1', op('Tanh')],
  ])('%s', async (_, end) => {
    const found = await read(end, { classes: 1 });
    expect(found).toMatchObject({ kind: 'value', probabilities: undefined });
    expect(found.assumed).toHaveLength(1);
    expect(largestDifference(found.outputs, found.raw)).toBeLessThan(1e-5);
  });
});

const compared =
  (name: string, before: End, after: End = same): End =>
  (b, x) => {
    const scores = before(b, x);
    const answer = b.node(name, [scores, b.floats(0.3)]);
    return after(b, b.node('Cast', [answer], { to: 1 }));
  };
const largest: End = (b, x) => b.node('ArgMax', [x], { axis: 1, keepdims: 1 });
const sorted: End = (b, x) =>
  b.nodeWithOutputs('TopK', [x, b.ints([5])], { axis: -1, sorted: 1 }, 2)[0];

describe('what is behind a decision is no score:', () => {
  test.each<readonly [string, End, string]>([
    ['sorted logits', sorted, 'TopK'],
    ['sorted probabilities', chain(softmax, sorted), 'TopK'],
    ['probabilities of sorted logits', chain(sorted, softmax), 'TopK'],
    ['the number of the class', (b, x) => b.node('Cast', [largest(b, x)], { to: 1 }), 'ArgMax'],
    [
      'the class as one of zeros',
      (b, x) =>
        b.node(
          'OneHot',
          [b.node('Squeeze', [largest(b, x), b.ints([1])]), b.ints(5), b.floats([0, 1])],
          { axis: -1 },
        ),
      'OneHot',
    ],
    ['what is above a threshold', compared('Greater', sigmoid), 'Greater'],
    ['what is below it', compared('Less', softmax, oneMinus), 'Less'],
    [
      'probabilities above a threshold',
      (b, x) => b.node('Mul', [softmax(b, x), compared('Greater', softmax)(b, x)]),
      'Greater',
    ],
    [
      'the largest probability',
      (b, x) => b.node('ReduceMax', [softmax(b, x)], { axes: [1], keepdims: 1 }),
      'ReduceMax',
    ],
    ['rounded probabilities', chain(softmax, op('Round')), 'Round'],
  ])('%s', async (_, end, name) => {
    const thrown: unknown = await read(end, {}).then(
      () => 'an answer',
      (error: unknown) => error,
    );
    expect(thrown).toBeInstanceOf(EngineError);
    expect((thrown as EngineError).message).toContain(`what ${name} makes of the scores`);
  });
});

describe('of several outputs the one before is read, and the one behind tells what it is:', () => {
  const beside =
    (name: string, derived: End): End =>
    (b, x) => {
      b.output(derived(b, x), 'float32', name);
      return x;
    };
  test.each<readonly [string, End, OutputKind, number]>([
    ['a softmax', beside('probabilities', softmax), 'softmax', 0],
    ['sigmoids', beside('probabilities', sigmoid), 'sigmoid', 0],
    [
      'the best three',
      beside('best', (b, x) => b.nodeWithOutputs('TopK', [x, b.ints([3])], { axis: -1 }, 2)[0]),
      'softmax',
      1,
    ],
    ['a choice', beside('choice', compared('Greater', sigmoid)), 'softmax', 1],
  ])('%s', async (_, end, kind, assumed) => {
    const found = await read(end, {});
    expect(found.kind).toBe(kind);
    expect(found.assumed).toHaveLength(assumed);
    expect(largestDifference(found.outputs, found.raw)).toBeLessThan(1e-5);
  });

  test('the number of the class beside probabilities', async () => {
    const found = await read((b, x) => {
      const probabilities = softmax(b, x);
      b.output(largest(b, probabilities), 'int64', 'class');
      return probabilities;
    }, {});
    expect(found.kind).toBe('softmax');
    expect(largestDifference(found.probabilities ?? [], found.raw)).toBeLessThan(2e-6);
  });
});

describe('what is stated', () => {
  const manifest = (kind: OutputKind, names = 0): OutputRequest => ({
    stated: { kind, by: 'manifest' },
    names,
  });
  const config = (kind: OutputKind, names = 0): OutputRequest => ({
    stated: { kind, by: 'config' },
    names,
  });

  test.each<
    readonly [
      string,
      number,
      End,
      OutputRequest,
      OutputKind,
      (raw: Float32Array) => number[] | undefined,
    ]
  >([
    ['multi-label by a config', 5, same, config('sigmoid'), 'sigmoid', logistic],
    ['a classifier by a config', 5, same, config('softmax'), 'softmax', exclusive],
    ['a graph before its config', 5, sigmoid, config('softmax'), 'sigmoid', given],
    ['a regression by a config', 1, same, config('value'), 'value', () => undefined],
    ['a regression that ends in a sigmoid', 1, sigmoid, config('value'), 'value', () => undefined],
    ['a manifest before the graph', 5, sigmoid, manifest('value'), 'value', () => undefined],
    ['sigmoids by a manifest', 5, same, manifest('sigmoid'), 'sigmoid', logistic],
    ['one logit by a manifest', 1, same, manifest('binary'), 'binary', logistic],
    ['probabilities by a manifest', 5, softmax, manifest('probability'), 'probability', given],
    [
      'two names for one logit',
      1,
      same,
      config('softmax', 2),
      'binary',
      (raw) => withOther(Float32Array.from(logistic(raw))),
    ],
    ['two names for one sigmoid', 1, sigmoid, { names: 2 }, 'binary', withOther],
    [
      'two names for one mean of sigmoids',
      1,
      chain(both('Add', sigmoid), times(0.5)),
      { names: 2 },
      'probability',
      withOther,
    ],
  ])('%s', async (_, classes, end, request, kind, expected) => {
    const found = await read(end, { classes }, request);
    expect(found.kind).toBe(kind);
    const wanted = expected(found.raw);
    if (wanted) {
      expect(largestDifference(found.probabilities ?? [], wanted)).toBeLessThan(2e-6);
    } else {
      expect(found.probabilities).toBeUndefined();
      expect(largestDifference(found.outputs, found.raw)).toBeLessThan(1e-5);
    }
  });

  test.each([
    ['a softmax of one number', 1, 'softmax'],
    ['one logit of five numbers', 5, 'binary'],
  ] as const)('cannot be: %s', async (_, classes, kind) => {
    await expect(read(same, { classes }, manifest(kind))).rejects.toMatchObject({
      code: 'model-unreadable',
    });
  });
});

describe('the maps', () => {
  async function mapsOf(
    { explainer }: Pick<Opened, 'explainer'>,
    method: string,
    classes: readonly number[],
  ): Promise<{ readonly outputs: Float32Array; readonly maps: readonly Float32Array[] }> {
    const classified = await explainer.classify(pixels);
    const { maps, shape } = await explainer.explain(classified, method, {}, classes);
    const size = shape[0] * shape[1];
    return {
      outputs: classified.logits,
      maps: classes.map((_, k) => maps.slice(k * size, (k + 1) * size)),
    };
  }

  test.each(['softmax', 'sigmoid', 'value'] as const)(
    'of Libra start at the probability that %s means',
    async (kind) => {
      const options = { classes: 3, seed: 7 };
      const all = [0, 1, 2];
      // Its maps are linear in what they start at; of a value that is the value itself.
      const plain = await open(same, options, {
        stated: { kind: 'value', by: 'manifest' },
        names: 0,
      });
      const meant = await open(same, options, { stated: { kind, by: 'manifest' }, names: 0 });
      const { maps: units, outputs } = await mapsOf(plain, 'libra_fullgrad', all);
      const { maps } = await mapsOf(meant, 'libra_fullgrad', all);
      const p = kind === 'softmax' ? exclusive(outputs) : logistic(outputs);
      const weight = (c: number, i: number): number => {
        if (kind === 'softmax') return (p[c] ?? 0) * (Number(c === i) - (p[i] ?? 0));
        if (c !== i) return 0;
        return kind === 'sigmoid' ? (p[c] ?? 0) * (1 - (p[c] ?? 0)) : 1;
      };
      for (const c of all) {
        const expected = units[0]?.map((_, at) =>
          all.reduce((sum, i) => sum + weight(c, i) * (units[i]?.[at] ?? 0), 0),
        );
        expect(largestDifference(maps[c] ?? [], expected ?? [])).toBeLessThan(1e-4);
      }
      await Promise.all([plain.explainer.release(), meant.explainer.release()]);
    },
  );

  test.each(['transformer_attribution', 'gae', 'attnlrp', 'libra_fullgrad', 'full'])(
    'of the other side of one logit are those of a head with its weights turned round: %s',
    async (method) => {
      const options = { classes: 1, seed: 11 };
      const request: OutputRequest = { names: 2 };
      const twoSided = await open(same, options, request);
      const { maps, outputs } = await mapsOf(twoSided, method, [0, 1]);
      expect(outputs[0]).toBe(-(outputs[1] ?? NaN));
      const own = await open(same, options, {
        stated: { kind: 'sigmoid', by: 'config' },
        names: 1,
      });
      expect(
        largestDifference(maps[1] ?? [], (await mapsOf(own, method, [0])).maps[0] ?? []),
      ).toBeLessThan(1e-6);
      await Promise.all([twoSided.explainer.release(), own.explainer.release()]);

      const file = path.join(folder, 'turned.onnx');
      const turned = editModel(buildVit(options).bytes, (graph) => {
        const head = graph.initializer.filter(
          ({ dims, dataType }) => dataType === 1 && dims.length < 3 && dims[0] === 1n,
        );
        for (const tensor of head) {
          const values = floatValues(tensor.rawData).map((value) => -value);
          tensor.rawData = new Uint8Array(values.buffer);
        }
      });
      await writeFile(file, turned);
      const explainer = await openExplainer(file, {
        threads: 1,
        provider: 'cpu',
        cacheFolder: undefined,
        output: { names: 1 },
      });
      const other = await mapsOf({ explainer }, method, [0]);
      await explainer.release();
      expect(other.outputs[0]).toBeCloseTo(outputs[0] ?? NaN, 5);
      expect(largestDifference(maps[0] ?? [], other.maps[0] ?? [])).toBeLessThan(1e-5);
    },
  );

  test('of probabilities without a logit: every method, the gradient that of the probability', async () => {
    const { explainer } = await open(same, { readout: 'late-fusion', prefixTokens: 2, seed: 5 });
    // Which weighs the attention of one token, and this head reads two.
    expect(
      explainer.availability().flatMap(({ id, reason }) => (reason === undefined ? [] : [id])),
    ).toEqual(['gradcam_attention']);
    const { maps } = await mapsOf({ explainer }, 'input_x_gradient', [2]);
    const total = maps[0]?.reduce((sum, value) => sum + value, 0);
    const at = async (factor: number) => {
      const { logits } = await explainer.classify(pixels.map((value) => value * factor));
      return logits[2] ?? NaN;
    };
    // Σ x ∂p/∂x is the slope of p along the picture.
    const slope = ((await at(1 + 1e-3)) - (await at(1 - 1e-3))) / 2e-3;
    expect(total).toBeCloseTo(slope, 4);
    await explainer.release();
  });
});

test('numbers that a manifest calls probabilities and that cannot be are not shown as such', () => {
  const rounded = Float32Array.of(-0.0004, 1.0004);
  expect(probabilitiesOf(rounded, 'probability')).toEqual(Float64Array.from(rounded));
  const error = (numbers: number[]) => () =>
    probabilitiesOf(Float32Array.from(numbers), 'probability');
  expect(error([0.2, -0.761])).toThrow('class 1 gets -0.761, which is not between 0 and 1');
  expect(error([7, 0])).toThrow(EngineError);
});
