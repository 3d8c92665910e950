/** Model files that are whole, damaged, or no models at all. */
import { writeFileSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EngineError } from '../../src/engine/engine-error';
import { canonicalise } from '../../src/engine/onnx/canonicalise';
import { dropDeadNodes } from '../../src/engine/onnx/drop-dead-nodes';
import { bringAllInside, readModel } from '../../src/engine/onnx/read-model';
import { weightsNotFinite } from '../../src/engine/onnx/weights-not-finite';
import { readWeightEvidence } from '../../src/store/weight-evidence';
import { create, toBinary } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { lieAt, rawBytes } from '../../src/engine/onnx/external-tensor';
import {
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  TensorProto_DataType,
  TensorProtoSchema,
} from '../../src/engine/onnx/onnx_pb';
import { buildVit, picture } from '../fixtures/build-vit';
import { editModel, matrices } from '../fixtures/edit-model';
import { withWeightsBeside } from '../fixtures/external-weights';
import { runModel } from '../fixtures/run-model';

const { bytes: whole, inputDims } = buildVit();
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'read-model-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function write(name: string, content: Uint8Array | string): Promise<string> {
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

describe('files made to keep a reader busy', () => {
  const repeated = (field: readonly number[]) => Buffer.alloc(1e8, Buffer.from(field));
  const inGraph = (content: Uint8Array) => {
    const writer = new BinaryWriter().tag(7, WireType.LengthDelimited);
    return Buffer.concat([writer.uint32(content.length).finish(), content]);
  };
  const manyNodes = (count: number) => {
    const node = toBinary(
      NodeProtoSchema,
      create(NodeProtoSchema, { opType: 'Relu', input: ['pixel_values'], output: ['dead'] }),
    );
    const field = Buffer.concat([Buffer.from([0x0a, node.length]), node]);
    return Buffer.concat([whole, inGraph(Buffer.alloc(count * field.length, field))]);
  };
  test.each([
    ['zeros', () => repeated([0, 0]), 'not an ONNX model'],
    ['a number again and again', () => repeated([0x08, 0]), 'more than 2000000 parts'],
    ['empty nodes', () => inGraph(repeated([0x0a, 0])), 'more than 2000000 parts'],
    ['300,000 dead nodes', () => manyNodes(300_000), 'more than the 10000 that are taken'],
  ])('%s', { timeout: 120_000 }, async (_, content, reason) => {
    const file = await write('busy.onnx', content());
    const begin = process.cpuUsage().user;
    await readWeightEvidence(file);
    const error = await failure(canonicalise(file));
    expect(error.message).toContain(reason);
    expect(process.cpuUsage().user - begin).toBeLessThan(10e6);
    await rm(file);
  });
});

describe('damaged files', () => {
  test('cut off anywhere', async () => {
    for (const share of [0.001, 0.1, 0.5, 0.9, 0.999]) {
      const file = await write('cut.onnx', whole.subarray(0, Math.floor(whole.length * share)));
      const error = await failure(canonicalise(file));
      expect(error.code, `cut at ${share}`).toBe('model-unreadable');
      expect(error.message).toContain('“cut.onnx”');
    }
  });

  test.each([
    ['empty', '', 'empty'],
    ['text', 'These are not the bytes of a model.\n'.repeat(50), 'not an ONNX model'],
    ['lfs', 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n', 'Git LFS'],
  ])('%s file', async (name, content, reason) => {
    const error = await failure(canonicalise(await write(`${name}.onnx`, content)));
    expect(error.code).toBe('model-unreadable');
    expect(error.message).toContain(reason);
    expect(error.nextStep).not.toBe('');
  });

  test('no such file, and a folder', async () => {
    const absent = await failure(canonicalise(path.join(folder, 'absent.onnx')));
    expect(absent.code).toBe('model-unreadable');
    expect(absent.message).toContain('no such file');
    const directory = path.join(folder, 'directory.onnx');
    await mkdir(directory);
    expect((await failure(canonicalise(directory))).code).toBe('model-unreadable');
  });

  test('a weight that does not fill its shape', async () => {
    const short = editModel(whole, (graph) => {
      const [weight] = matrices(graph);
      if (weight) weight.rawData = weight.rawData.subarray(4);
    });
    expect((await failure(canonicalise(await write('short.onnx', short)))).code).toBe(
      'model-unreadable',
    );
  });
});

describe('external weights', () => {
  const split = (location: string) => withWeightsBeside(whole, location);

  test('give the same logits as weights inside', async () => {
    const { model, weights } = split('model.onnx.data');
    await write('model.onnx.data', weights);
    const file = await write('external.onnx', model);
    const pixels = picture(inputDims);
    const { externalFiles } = await readModel(file);
    expect(externalFiles).toEqual(['model.onnx.data']);
    const canonical = await canonicalise(file);
    const inside = await canonicalise(await write('inside.onnx', whole));
    expect(await runModel(canonical.bytes, pixels, inputDims)).toEqual(
      await runModel(inside.bytes, pixels, inputDims),
    );
  });

  // Holes take no place on the file systems of Linux.
  test.runIf(process.platform === 'linux')('behind 3 GB of others', async () => {
    const hole = 3 * 2 ** 30;
    const { model, weights } = withWeightsBeside(whole, 'large.data', hole);
    const filled = editModel(model, (graph) => {
      const filler = create(TensorProtoSchema, {
        ...{ name: 'filler', dims: [BigInt(hole)], dataType: TensorProto_DataType.BOOL },
      });
      lieAt(filler, { location: 'large.data', offset: 0, length: hole });
      graph.initializer.push(filler);
    });
    const file = await write('large.onnx', filled);
    const beside = await write('large.data', '');
    await truncate(beside, hole);
    await appendFile(beside, weights);
    const before = process.memoryUsage().arrayBuffers;
    const { graph } = (await readModel(file)).model;
    dropDeadNodes(graph);
    expect(weightsNotFinite(graph, folder)).toEqual([]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 28);
    const expected: Uint8Array[] = [];
    editModel(whole, (inside) => expected.push(...matrices(inside).map(({ rawData }) => rawData)));
    expect(matrices(graph).map((tensor) => Buffer.from(rawBytes(tensor, folder)))).toEqual(
      expected.map((bytes) => Buffer.from(bytes)),
    );
  });

  test('that change while the model is prepared are no longer those that were asked for', async () => {
    const { model, weights } = split('changing.data');
    const beside = await write('changing.data', weights);
    const file = await write('changing.onnx', model);
    const cacheFolder = path.join(folder, 'changing-cache');
    const onStage = () => {
      const other = Buffer.from(weights);
      // So little that the answers do not tell.
      other[0] = (other[0] ?? 0) ^ 1;
      writeFileSync(beside, other);
    };
    const error = await failure(canonicalise(file, { cacheFolder, onStage }));
    expect(error.message).toContain('changed while it was being read');
    expect((await readdir(cacheFolder)).filter((name) => name.endsWith('.onnx'))).toEqual([]);
  });

  test('are refused where more of them would be needed at once than a message holds', async () => {
    const file = await write('adds.onnx', split('adds.data').model);
    await write('adds.data', split('adds.data').weights);
    const { graph } = (await readModel(file)).model;
    const [first] = graph.initializer;
    if (!first) throw new Error('it has weights');
    lieAt(first, { location: 'adds.data', offset: 0, length: 3e9 });
    expect(() => bringAllInside(graph, folder, 'adds.onnx')).toThrow(/3\.0 GB of its weights/);
  });

  test('are missed by name', async () => {
    const file = await write('missing.onnx', split('gone.data').model);
    const error = await failure(canonicalise(file));
    expect(error.code).toBe('model-unreadable');
    expect(error.message).toContain('gone.data');
  });

  test('too short', async () => {
    const { model, weights } = split('short.data');
    await write('short.data', weights.subarray(0, weights.length - 8));
    const error = await failure(canonicalise(await write('tooshort.onnx', model)));
    expect(error.code).toBe('model-unreadable');
    expect(error.message).toContain('too short');
  });

  test.each(['../outside.data', '/etc/hostname', ''])('outside the folder: “%s”', async (place) => {
    const error = await failure(canonicalise(await write('outside.onnx', split(place).model)));
    expect(error.code).toBe('model-unreadable');
    expect(error.message).toContain('outside the model’s folder');
  });
});

test('functions of the model itself, which are not in our protobuf messages, survive', async () => {
  const { bytes } = buildVit({ activation: 'relu' });
  const calling = editModel(bytes, (graph, model) => {
    for (const node of graph.node)
      if (node.opType === 'Relu') Object.assign(node, { opType: 'Activation', domain: 'local' });
    model.irVersion = 8n;
    model.opsetImport.push(create(OperatorSetIdProtoSchema, { domain: 'local', version: 1n }));
  });
  const file = await write('functions.onnx', Buffer.concat([calling, reluFunction()]));
  const pixels = picture(inputDims);
  const model = await canonicalise(file);
  expect(await runModel(model.bytes, pixels, inputDims)).toEqual(
    await runModel((await canonicalise(await write('relu.onnx', bytes))).bytes, pixels, inputDims),
  );
  expect(model.graph.nodes.map((node) => node.op)).toContain('Relu');
});

/** `ModelProto.functions` (field 25) with a FunctionProto: local.Activation(x) = Relu(x). */
function reluFunction(): Uint8Array {
  const field = (number: number, content: Uint8Array | string) => {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    return new BinaryWriter().tag(number, WireType.LengthDelimited).bytes(bytes).finish();
  };
  const node = create(NodeProtoSchema, { opType: 'Relu', input: ['x'], output: ['y'] });
  const opset = create(OperatorSetIdProtoSchema, { domain: '', version: 17n });
  const parts = [
    field(1, 'Activation'),
    field(4, 'x'),
    field(5, 'y'),
    field(7, toBinary(NodeProtoSchema, node)),
    field(9, toBinary(OperatorSetIdProtoSchema, opset)),
    field(10, 'local'),
  ];
  return field(25, Buffer.concat(parts));
}
