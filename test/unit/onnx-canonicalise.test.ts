/** Weights in other number formats, the cache, and models that are refused. */
import { create } from '@bufbuild/protobuf';
import { mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EngineError } from '../../src/engine/engine-error';
import { canonicalise } from '../../src/engine/onnx/canonicalise';
import {
  AttributeProtoSchema,
  AttributeProto_AttributeType,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  TensorProtoSchema,
} from '../../src/engine/onnx/onnx_pb';
import type { GraphProto } from '../../src/engine/onnx/onnx_pb';
import { encodeGraph } from '../../src/engine/onnx/encode-graph';
import { weightsOption } from '../../src/engine/onnx/stored-weights';
import { halfToNumber } from '../../src/engine/onnx/tensor-bytes';
import { buildModel, buildVit, picture } from '../fixtures/build-vit';
import type { VitOptions } from '../fixtures/build-vit';
import { editModel, floatValues, matrices, toHalf } from '../fixtures/edit-model';
import { largestDifference, runModel } from '../fixtures/run-model';

const { bytes: whole, inputDims } = buildVit();
const pixels = picture(inputDims);
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'canonicalise-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function write(name: string, content: Uint8Array): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, content);
  return file;
}

async function failure(promise: Promise<unknown>): Promise<EngineError> {
  const thrown: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof EngineError)) throw new Error(`not an EngineError: ${String(thrown)}`);
  return thrown;
}

describe('half precision', () => {
  test('is widened exactly', async () => {
    const half = editModel(whole, (graph) => {
      for (const tensor of graph.initializer) {
        if (tensor.dataType !== 1) continue;
        const bits = Uint16Array.from(floatValues(tensor.rawData), toHalf);
        tensor.rawData = new Uint8Array(bits.buffer);
        tensor.dataType = 10;
      }
      for (const port of [...graph.input, ...graph.output])
        if (port.type?.value.case === 'tensorType') port.type.value.value.elemType = 10;
    });
    const rounded = editModel(whole, (graph) => {
      for (const tensor of graph.initializer) {
        if (tensor.dataType !== 1) continue;
        const values = floatValues(tensor.rawData).map((value) => halfToNumber(toHalf(value)));
        tensor.rawData = new Uint8Array(values.buffer);
      }
    });
    const model = await canonicalise(await write('half.onnx', half));
    const reference = await canonicalise(await write('rounded.onnx', rounded));
    expect(model.graph.inputs[0]?.type).toBe('float32');
    const actual = await runModel(model.bytes, pixels, inputDims);
    expect(actual).toEqual(await runModel(reference.bytes, pixels, inputDims));
    // Rounding the weights does change the logits, so equality above says something.
    const original = await runModel(whole, pixels, inputDims);
    expect(largestDifference(actual, original)).toBeGreaterThan(1e-6);
  });
});

describe('quantised weights', () => {
  test.each([
    ['per tensor', false],
    ['per column', true],
  ])('stored as integers, %s, are read as the numbers they stand for', async (name, perColumn) => {
    const quantised = editModel(whole, (graph) => quantiseWeights(graph, perColumn));
    const file = await write(`${name}.onnx`, quantised);
    const model = await canonicalise(file);
    // Optimised, ONNX Runtime would round the activations to 8 bits as well.
    const expected = await runModel(file, pixels, inputDims, 'logits', 'disabled');
    expect(
      largestDifference(await runModel(model.bytes, pixels, inputDims), expected),
    ).toBeLessThan(1e-5);
    expect(largestDifference(expected, await runModel(whole, pixels, inputDims))).toBeGreaterThan(
      1e-4,
    );
    expect(model.graph.nodes.map((node) => node.op)).not.toContain('DequantizeLinear');
  });

  test.each([4, 8])('packed into %i bits for MatMulNBits are unpacked', async (bits) => {
    const packed = editModel(whole, (graph, model) => {
      packProducts(graph, bits);
      model.opsetImport.push(
        create(OperatorSetIdProtoSchema, { domain: 'com.microsoft', version: 1n }),
      );
    });
    const file = await write(`packed${bits}.onnx`, packed);
    const model = await canonicalise(file);
    const expected = await runModel(file, pixels, inputDims);
    expect(
      largestDifference(await runModel(model.bytes, pixels, inputDims), expected),
    ).toBeLessThan(1e-4);
  });

  test('are refused where activations are rounded', async () => {
    const dynamic = editModel(whole, (graph) => {
      const product = graph.node.find((node) => node.opType === 'MatMul');
      if (!product) throw new Error('no product');
      product.name = 'the_product';
      product.opType = 'MatMulInteger';
    });
    const error = await failure(canonicalise(await write('dynamic.onnx', dynamic)));
    expect(error.code).toBe('model-quantised');
    expect(error.message).toContain('MatMulInteger');
    expect(error.message).toContain('the_product');
    expect(error.nextStep).toContain('float32');
  });
});

describe('cache', () => {
  test('a second opening comes from the cache and is the same model', async () => {
    const file = await write('cached.onnx', whole);
    const cacheFolder = path.join(folder, 'cache', 'nested');
    const first = await canonicalise(file, { cacheFolder });
    const second = await canonicalise(file, { cacheFolder });
    expect([first.fromCache, second.fromCache]).toEqual([false, true]);
    expect(first.notices).toEqual([]);
    expect(Buffer.from(second.bytes).equals(Buffer.from(first.bytes))).toBe(true);
    expect(second.graph.nodes).toEqual(first.graph.nodes);
    expect(second.sha256).toBe(first.sha256);
    const left = await readdir(cacheFolder);
    expect(left.filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('large weights lie beside the model and are the same', async () => {
    const large = buildVit({ heads: 4, headDim: 32 });
    const file = await write('large.onnx', large.bytes);
    const cacheFolder = path.join(folder, 'beside');
    const inside = await canonicalise(file);
    const input = picture(large.inputDims);
    const expected = await runModel(inside.bytes, input, large.inputDims);
    for (const fromCache of [false, true]) {
      const model = await canonicalise(file, { cacheFolder });
      expect(model.fromCache).toBe(fromCache);
      expect(model.weightsFolder).toBe(cacheFolder);
      expect(model.bytes.length).toBeLessThan(inside.bytes.length / 4);
      const session = await InferenceSession.create(
        model.bytes,
        weightsOption(model.weightsFolder),
      );
      const results = await session.run({
        pixel_values: new Tensor('float32', input, large.inputDims),
      });
      await session.release();
      expect(results.logits?.data).toEqual(expected);
      for (const [name, { data }] of inside.graph.constants) {
        expect(Buffer.from(model.graph.constants.get(name)?.data ?? []).equals(data), name).toBe(
          true,
        );
      }
      // A model written from this graph stands alone.
      expect(await runModel(encodeGraph(model.graph), input, large.inputDims)).toEqual(expected);
    }
    const [weights = ''] = (await readdir(cacheFolder)).filter((name) => name.endsWith('.weights'));
    await truncate(path.join(cacheFolder, weights), 5000);
    expect((await canonicalise(file, { cacheFolder })).fromCache).toBe(false);
  });

  test('a damaged cached file is made again', async () => {
    const file = await write('damaged.onnx', buildVit({ seed: 2 }).bytes);
    const cacheFolder = path.join(folder, 'damaged-cache');
    const { bytes } = await canonicalise(file, { cacheFolder });
    const [name = ''] = (await readdir(cacheFolder)).filter((entry) => entry.endsWith('.onnx'));
    await truncate(path.join(cacheFolder, name), 1000);
    const again = await canonicalise(file, { cacheFolder });
    expect(again.fromCache).toBe(false);
    expect(again.bytes.length).toBe(bytes.length);
    expect((await canonicalise(file, { cacheFolder })).fromCache).toBe(true);
  });

  test('what an earlier version of the cache kept of a model goes', async () => {
    const file = await write('upgraded.onnx', whole);
    const cacheFolder = path.join(folder, 'upgraded');
    const { sha256 } = await canonicalise(file, { cacheFolder });
    const kept = await readdir(cacheFolder);
    for (const name of kept) await rm(path.join(cacheFolder, name));
    const other = 'f'.repeat(64);
    for (const name of [`${sha256}-v0.onnx`, `${sha256}-v0.weights`, `${other}-v0.onnx`])
      await writeFile(path.join(cacheFolder, name), 'old');
    await canonicalise(file, { cacheFolder });
    expect((await readdir(cacheFolder)).toSorted()).toEqual(
      [...kept, `${other}-v0.onnx`].toSorted(),
    );
  });

  test('a cache that cannot be written is a notice, no failure', async () => {
    const file = await write('unwritable.onnx', whole);
    const cacheFolder = path.join(await write('not-a-folder', new Uint8Array()), 'cache');
    const model = await canonicalise(file, { cacheFolder });
    expect(model.notices).toHaveLength(1);
    expect(model.notices[0]).toContain('not-a-folder');
    expect(await runModel(model.bytes, pixels, inputDims)).toHaveLength(5);
  });
});

describe('a model that leaves its size open', () => {
  const opened = (options: VitOptions) =>
    editModel(buildVit(options).bytes, (graph) => {
      const type = graph.input[0]?.type?.value;
      for (const dim of type?.case === 'tensorType' ? (type.value.shape?.dim ?? []).slice(1) : [])
        dim.value = { case: 'dimParam', value: 'pixels' };
    });

  test('takes the size that is asked for', async () => {
    const file = await write('open.onnx', opened({}));
    const cacheFolder = path.join(folder, 'sizes');
    const [, , height, width] = inputDims;
    const model = await canonicalise(file, { cacheFolder, inputSize: [height, width] });
    expect(model.graph.inputs[0]?.dims).toEqual(inputDims);
    // The position embedding fits one size only, and another size is another entry of the cache.
    const error = await failure(canonicalise(file, { cacheFolder, inputSize: [64, 64] }));
    expect(error.code).toBe('model-unreadable');
    expect(error.nextStep).toContain('input size');
  });

  test('otherwise the size that its position embedding fits', async () => {
    const file = await write(
      'square.onnx',
      opened({ grid: [5, 5], patch: [6, 6], prefixTokens: 2 }),
    );
    expect((await canonicalise(file)).graph.inputs[0]?.dims).toEqual([1, 3, 30, 30]);
  });
});

describe('refused models', () => {
  test('an operator that ONNX Runtime does not know', async () => {
    const strange = editModel(whole, (graph) => {
      const node = graph.node.find((candidate) => candidate.opType === 'Softmax');
      if (node) node.opType = 'SoftestMax';
    });
    const error = await failure(canonicalise(await write('strange.onnx', strange)));
    expect(error.code).toBe('model-unknown-op');
    expect(error.message).toContain('SoftestMax');
  });

  test('an operator that the engine does not know', async () => {
    const strange = editModel(whole, (graph) => {
      const node = graph.node.find((candidate) => candidate.opType === 'Softmax');
      if (node) Object.assign(node, { opType: 'Hardmax', name: 'the_hardmax' });
    });
    const error = await failure(canonicalise(await write('hardmax.onnx', strange)));
    expect(error.code).toBe('model-unknown-op');
    expect(error.message).toContain('Hardmax');
    expect(error.message).toContain('the_hardmax');
  });

  test('more than one input', async () => {
    const two = editModel(whole, (graph) => {
      const [image] = graph.input;
      if (image) graph.input.push({ ...image, name: 'input_ids' });
    });
    const error = await failure(canonicalise(await write('two.onnx', two)));
    expect(error.code).toBe('model-not-a-vit');
    expect(error.message).toContain('input_ids');
  });

  test('pixels that are whole numbers', async () => {
    const bytes = editModel(whole, (graph) => {
      const type = graph.input[0]?.type?.value;
      if (type?.case === 'tensorType') type.value.elemType = 2;
    });
    const error = await failure(canonicalise(await write('uint8.onnx', bytes)));
    expect(error.code).toBe('model-not-a-vit');
    expect(error.message).toContain('UINT8');
  });

  test('a size that the model cannot take', async () => {
    const file = await write('fixed.onnx', whole);
    const error = await failure(canonicalise(file, { inputSize: [64, 64] }));
    expect(error.code).toBe('model-not-a-vit');
    expect(error.message).toContain('64×64');
  });
});

test('a picture with its channels last is taken with its channels first', async () => {
  const [, , height, width] = inputDims;
  const lastDims = [1, height, width, 3];
  const bytes = buildModel(lastDims, (builder, last) => {
    const first = builder.node('Transpose', [last], { perm: [0, 3, 1, 2] });
    const columns = builder.node('ReduceMean', [first], { axes: [2], keepdims: 0 });
    return builder.node('Reshape', [columns, builder.ints([1, 3 * width])]);
  });
  const { bytes: canonical, graph } = await canonicalise(await write('channels-last.onnx', bytes));
  expect(graph.inputs.map(({ dims }) => dims)).toEqual([inputDims]);
  const last = Float32Array.from(pixels, (_, i) => {
    const [channel, place] = [i % 3, Math.floor(i / 3)];
    return pixels[channel * height * width + place] ?? NaN;
  });
  const expected = await runModel(bytes, last, lastDims);
  expect(largestDifference(await runModel(canonical, pixels, inputDims), expected)).toBeLessThan(
    1e-6,
  );
});

/** Stores the right operand of every product as int8 behind a DequantizeLinear. */
function quantiseWeights(graph: GraphProto, perColumn: boolean): void {
  for (const tensor of matrices(graph)) {
    const [, columns = 1] = tensor.dims.map(Number);
    const values = floatValues(tensor.rawData);
    const count = perColumn ? columns : 1;
    const scales = new Float32Array(count).map(() => 0);
    for (const [i, value] of values.entries())
      scales[i % count] = Math.max(scales[i % count] ?? 0, Math.abs(value) / 120);
    const zeros = Int8Array.from(scales, (_, i) => (i % 5) - 2);
    const q = Int8Array.from(values, (value, i) =>
      Math.round(value / (scales[i % count] ?? 1) + (zeros[i % count] ?? 0)),
    );
    const { name } = tensor;
    const dims = perColumn ? [BigInt(columns)] : [];
    Object.assign(tensor, { name: `${name}/q`, dataType: 3, rawData: new Uint8Array(q.buffer) });
    graph.initializer.push(
      create(TensorProtoSchema, {
        name: `${name}/s`,
        dims,
        dataType: 1,
        rawData: new Uint8Array(scales.buffer),
      }),
      create(TensorProtoSchema, {
        name: `${name}/z`,
        dims,
        dataType: 3,
        rawData: new Uint8Array(zeros.buffer),
      }),
    );
    graph.node.unshift(
      create(NodeProtoSchema, {
        name: `${name}/dequantise`,
        opType: 'DequantizeLinear',
        input: [`${name}/q`, `${name}/s`, `${name}/z`],
        output: [name],
        attribute: perColumn ? [integer('axis', 1)] : [],
      }),
    );
  }
}

/** Turns every MatMul by a weight into MatMulNBits with made-up packed weights of the same size. */
function packProducts(graph: GraphProto, bits: number): void {
  const weights = new Map(matrices(graph).map((tensor) => [tensor.name, tensor]));
  for (const node of graph.node) {
    const weight = weights.get(node.input[1] ?? '');
    if (node.opType !== 'MatMul' || !weight) continue;
    const [k = 0, n = 0] = weight.dims.map(Number);
    const block = 16;
    const blocks = Math.ceil(k / block);
    const bytes = Uint8Array.from(
      { length: (n * blocks * block * bits) / 8 },
      (_, i) => (i * 89 + 31) % 256,
    );
    const scales = Float32Array.from(
      { length: n * blocks },
      (_, i) => (0.02 + 0.001 * (i % 7)) * (16 / 2 ** bits),
    );
    const zeroBytes = n * Math.ceil((blocks * bits) / 8);
    const zeros = Uint8Array.from({ length: zeroBytes }, (_, i) =>
      bits === 4 ? 0x88 - (i % 3) : 120 + (i % 9),
    );
    const { name } = weight;
    graph.initializer.push(
      create(TensorProtoSchema, {
        name: `${name}/b`,
        dims: [n, blocks, (block * bits) / 8].map(BigInt),
        dataType: 2,
        rawData: bytes,
      }),
      create(TensorProtoSchema, {
        name: `${name}/s`,
        dims: [BigInt(n * blocks)],
        dataType: 1,
        rawData: new Uint8Array(scales.buffer),
      }),
      create(TensorProtoSchema, {
        name: `${name}/z`,
        dims: [BigInt(zeroBytes)],
        dataType: 2,
        rawData: zeros,
      }),
    );
    Object.assign(node, {
      opType: 'MatMulNBits',
      domain: 'com.microsoft',
      input: [node.input[0] ?? '', `${name}/b`, `${name}/s`, `${name}/z`],
      attribute: Object.entries({ K: k, N: n, bits, block_size: block }).map(([key, value]) =>
        integer(key, value),
      ),
    });
  }
}

function integer(name: string, value: number) {
  return create(AttributeProtoSchema, {
    name,
    type: AttributeProto_AttributeType.INT,
    i: BigInt(value),
  });
}
