/** What is read from checkpoint files, and what is refused. */
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EngineError } from '../../src/engine/engine-error';
import { ByteSource } from '../../src/engine/intake/checkpoint/byte-source';
import { readCheckpoint } from '../../src/engine/intake/checkpoint/read-checkpoint';
import { readFloats, reshaped, rows, transposed } from '../../src/engine/intake/checkpoint/tensor';
import { flatTensors } from '../fixtures/intake/place-checkpoint';
import { pickle, safetensors, zip } from '../fixtures/intake/write-files';
import type { ZipPart } from '../fixtures/intake/write-files';

let folder: string;
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-checkpoint-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function open(bytes: Uint8Array): Promise<ByteSource> {
  const file = path.join(folder, `model-${count++}.pth`);
  await writeFile(file, bytes);
  return ByteSource.open(file);
}

/** The values of every tensor, by name. */
async function valuesOf(bytes: Uint8Array): Promise<Record<string, number[]>> {
  const source = await open(bytes);
  try {
    const values: Record<string, number[]> = {};
    for (const [name, tensor] of flatTensors(await readCheckpoint(source)))
      values[name] = [...(await readFloats(tensor))];
    return values;
  } finally {
    await source.close();
  }
}

/** The error that reading gives; anything but an EngineError fails the test. */
async function refusal(bytes: Uint8Array): Promise<EngineError> {
  const error: unknown = await valuesOf(bytes).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof EngineError)) throw new Error(`Not refused: ${String(error)}`);
  expect(error.code).toBe('model-unreadable');
  expect(error.message).toContain('model-');
  expect(error.nextStep).not.toBe('');
  return error;
}

const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
const littleEndian: ZipPart = { name: 'm/byteorder', data: Buffer.from('little') };
const sixFloats: ZipPart = { name: 'm/data/0', data: floats(1, 2, 3, 4, 5, 6) };

/** An archive as torch.save writes it, with one storage of six floats. */
function archive(data: Uint8Array, zip64 = false): Buffer {
  return zip([{ name: 'm/data.pkl', data }, littleEndian, sixFloats], zip64);
}

describe('safetensors', () => {
  test('tensors of every float type, upcast', async () => {
    const bf16 = new Uint8Array(Uint16Array.of(0x3fc0, 0xc020).buffer);
    const f16 = new Uint8Array(Uint16Array.of(0x3e00, 0xc100, 0x0001, 0x7c00).buffer);
    const f64 = new Uint8Array(Float64Array.of(0.1).buffer);
    const header = {
      __metadata__: { format: 'pt' },
      a: { dtype: 'F32', shape: [2, 1], data_offsets: [0, 8] },
      b: { dtype: 'BF16', shape: [2], data_offsets: [8, 12] },
      c: { dtype: 'F16', shape: [4], data_offsets: [12, 20] },
      d: { dtype: 'F64', shape: [], data_offsets: [20, 28] },
      e: { dtype: 'F32', shape: [0, 3], data_offsets: [28, 28] },
    };
    const data = Buffer.concat([floats(1, -2), bf16, f16, f64]);
    expect(await valuesOf(safetensors(header, data))).toEqual({
      a: [1, -2],
      b: [1.5, -2.5],
      c: [1.5, -2.5, 2 ** -24, Infinity],
      d: [Math.fround(0.1)],
      e: [],
    });
  });

  const one = (entry: object) => ({
    a: { dtype: 'F32', shape: [2], data_offsets: [0, 8], ...entry },
  });
  test.each([
    [
      'an end past the file',
      safetensors(one({ data_offsets: [0, 4000], shape: [1000] }), floats(1)),
      'claims bytes 0 to 4000 of 4',
    ],
    [
      'an end before its beginning',
      safetensors(one({ data_offsets: [8, 0] }), floats(1, 2)),
      'ends before it begins',
    ],
    [
      'a shape that does not fit',
      safetensors(one({ shape: [1e9, 1e9, 1e9] }), floats(1, 2)),
      'claims bytes 0 to 8',
    ],
    ['a negative size', safetensors(one({ shape: [-2] }), floats(1, 2)), 'no valid shape'],
    [
      'a fraction for a place',
      safetensors(one({ data_offsets: [0.5, 8] }), floats(1, 2)),
      'no valid shape',
    ],
    [
      'overlapping tensors',
      safetensors(
        { ...one({}), b: { dtype: 'F32', shape: [2], data_offsets: [4, 12] } },
        floats(1, 2, 3),
      ),
      'overlap',
    ],
    [
      'a header of a terabyte',
      safetensors('{}', floats(1), 2n ** 40n),
      'its header claims 1099511627776 bytes',
    ],
    [
      'a header of 2⁶⁴ − 1 bytes',
      safetensors('{}', floats(1), 2n ** 64n - 1n),
      'its header claims',
    ],
    ['a header that is no JSON', safetensors('{"a": ', floats(1)), 'not valid JSON'],
    [
      'a type that is not known',
      safetensors(one({ dtype: 'F8_E4M3' }), floats(1, 2)),
      'has the type F8_E4M3',
    ],
    ['no type', safetensors(one({ dtype: { F32: 1 } }), floats(1, 2)), 'tensor “a” has no type'],
  ])('%s is refused', async (_, bytes, reason) => {
    expect((await refusal(bytes)).message).toContain(reason);
  });
});

describe('PyTorch archives', () => {
  const wanted = {
    matrix: pickle.tensor({ key: '0', elements: 6, size: [2, 3], stride: [3, 1] }),
    across: pickle.tensor({ key: '0', elements: 6, size: [3, 2], stride: [1, 3] }),
    middle: pickle.tensor({ key: '0', elements: 6, offset: 2, size: [2], stride: [1] }),
  };
  const values = { matrix: [1, 2, 3, 4, 5, 6], across: [1, 4, 2, 5, 3, 6], middle: [3, 4] };

  test.each([false, true])('tensors with offsets and strides (zip64: %s)', async (zip64) => {
    expect(await valuesOf(archive(pickle.dict(wanted), zip64))).toEqual(values);
  });

  test('values repeated by expand()', async () => {
    const repeated = pickle.tensor({ key: '0', elements: 6, size: [4, 2], stride: [0, 1] });
    const single = pickle.tensor({ key: '0', elements: 6, offset: 5, size: [9], stride: [0] });
    expect(await valuesOf(archive(pickle.dict({ repeated, single })))).toEqual({
      repeated: [1, 2, 1, 2, 1, 2, 1, 2],
      single: [6, 6, 6, 6, 6, 6, 6, 6, 6],
    });
  });

  test('dictionaries within dictionaries, and wrappers of training scripts', async () => {
    const plain = pickle.dict({ w: wanted.middle });
    // The same dictionary without its start and stop.
    const inner = plain.subarray(2, -1);
    const wrapped = pickle.dict({ epoch: pickle.int(3), state_dict: inner, extra: inner });
    expect(await valuesOf(archive(wrapped))).toEqual({
      'state_dict.w': [3, 4],
      'extra.w': [3, 4],
    });
    const nested = pickle.dict({ backbone: inner, head: inner });
    expect(await valuesOf(archive(nested))).toEqual({ 'backbone.w': [3, 4], 'head.w': [3, 4] });
  });

  const call = (module: string, name: string) =>
    Buffer.concat([
      pickle.start,
      pickle.global(module, name),
      pickle.tupleOf(pickle.text('touch /tmp/owned')),
      pickle.reduce,
      pickle.stop,
    ]);
  test.each([
    ['posix', 'system'],
    ['os', 'system'],
    ['builtins', 'eval'],
    ['__builtin__', 'exec'],
    ['subprocess', 'Popen'],
  ])('a pickle that names %s.%s is refused by that name', async (module, name) => {
    const error = await refusal(archive(call(module, name)));
    expect(error.message).toContain(`“${module}.${name}”`);
    expect(error.message).toContain('never run');
  });

  test.each([
    ['torch.storage', '_load_from_bytes'],
    ['timm.models.vision_transformer', 'VisionTransformer'],
    ['constructor', 'prototype'],
  ])('an object of %s.%s is not made, and no weights', async (module, name) => {
    expect((await refusal(archive(call(module, name)))).message).toContain('no weights');
  });

  test('a name that comes from the stack is refused as well', async () => {
    const bytes = Buffer.concat([
      pickle.start,
      pickle.text('posix'),
      pickle.text('system'),
      Buffer.from([0x93]),
      pickle.stop,
    ]);
    expect((await refusal(archive(bytes))).message).toContain('“posix.system”');
  });

  test.each([
    [
      'an instruction that calls by class',
      Buffer.from([0x80, 2, ...Buffer.from('(iposix\nsystem\n.')]),
      '“posix.system”',
    ],
    ['an extension', Buffer.from([0x80, 2, 0x82, 1, 0x2e]), '0x82'],
    [
      'a call of a text',
      Buffer.concat([
        pickle.start,
        pickle.text('x'),
        pickle.emptyTuple,
        pickle.reduce,
        pickle.stop,
      ]),
      'not a name',
    ],
    ['an empty stack', Buffer.from([0x80, 2, 0x2e]), 'runs empty'],
    ['an end in the middle', pickle.dict({ w: pickle.text('abc') }).subarray(0, 12), 'cut off'],
    [
      'a text longer than the file',
      Buffer.from([0x80, 2, 0x8d, 255, 255, 255, 255, 255, 255, 255, 127]),
      'cut off',
    ],
    ['an entry that was never stored', Buffer.from([0x80, 2, 0x68, 9, 0x2e]), 'recalls entry 9'],
    ['no weights', pickle.dict({ epoch: pickle.int(1) }), 'no weights'],
    [
      'a tensor past its storage',
      pickle.dict({ w: pickle.tensor({ key: '0', elements: 7, size: [7], stride: [1] }) }),
      'does not fit',
    ],
    [
      'a tensor that repeats its storage',
      pickle.dict({
        w: pickle.tensor({ key: '0', elements: 6, size: [1e6, 1e3], stride: [0, 0] }),
      }),
      'does not fit',
    ],
    [
      'a storage that is not there',
      pickle.dict({
        w: pickle.tensor({ key: '../../etc/passwd', elements: 1, size: [1], stride: [1] }),
      }),
      'is missing',
    ],
  ])('%s is refused', async (_, bytes, reason) => {
    expect((await refusal(archive(bytes))).message).toContain(reason);
  });

  test('nesting without end ends with a sentence', async () => {
    const deep = Buffer.alloc(500_000, 0x85);
    const bytes = Buffer.concat([pickle.start, pickle.emptyTuple, deep, pickle.persistent]);
    expect((await refusal(archive(bytes))).message).toContain('an outside object');
  });

  test('objects of any class beside the weights are passed over, not made', async () => {
    const setItem = (key: string, value: Buffer) => [pickle.text(key), value, Buffer.from('s')];
    const made = (module: string, name: string, ...rest: Buffer[]) =>
      Buffer.concat([pickle.global(module, name), pickle.emptyTuple, pickle.reduce, ...rest]);
    const inner = pickle.dict({ w: wanted.middle }).subarray(2, -1);
    const bytes = pickle.dict({
      cfg: made('omegaconf.dictconfig', 'DictConfig', ...setItem('lr', pickle.int(1))),
      lr: made('numpy.core.multiarray', 'scalar'),
      called: made('a', 'factory', pickle.emptyTuple, pickle.reduce),
      listed: made('a', 'List', pickle.int(1), Buffer.from('a')),
      built: made(
        'a',
        'Thing',
        pickle.dict({ x: pickle.int(1) }).subarray(2, -1),
        Buffer.from('b'),
      ),
      // Weights in a dictionary of a class of its own are weights.
      state: made('a', 'Weights', ...setItem('v', wanted.middle)),
      optimizer: inner,
      model: inner,
    });
    expect(await valuesOf(archive(bytes))).toEqual({ 'state.v': [3, 4], 'model.w': [3, 4] });
  });

  test('training arguments beside the weights are passed over, not made', async () => {
    const space = Buffer.concat([
      pickle.global('argparse', 'Namespace'),
      pickle.emptyTuple,
      Buffer.from([0x81]),
      pickle.dict({ lr: pickle.int(1) }).subarray(2, -1),
      Buffer.from('b'),
    ]);
    const inner = pickle.dict({ w: wanted.middle }).subarray(2, -1);
    expect(await valuesOf(archive(pickle.dict({ args: space, model: inner })))).toEqual({
      'model.w': [3, 4],
    });
  });

  const sound = pickle.dict(wanted);
  test.each([
    [
      'a zip bomb (compressed storage)',
      zip([
        { name: 'm/data.pkl', data: sound },
        { ...sixFloats, method: 8, claimedSize: 4_000_000_000 },
      ]),
      'is compressed',
    ],
    [
      'a size that is not stored',
      zip([
        { name: 'm/data.pkl', data: sound },
        { ...sixFloats, claimedSize: 4_000_000_000 },
      ]),
      'is compressed',
    ],
    [
      'two members of one name',
      zip([{ name: 'm/data.pkl', data: sound }, sixFloats, sixFloats]),
      'twice',
    ],
    [
      'TorchScript',
      zip([
        { name: 'm/data.pkl', data: sound },
        { name: 'm/constants.pkl', data: sound },
      ]),
      'TorchScript',
    ],
    [
      'big-endian weights',
      zip([
        { name: 'm/data.pkl', data: sound },
        { name: 'm/byteorder', data: Buffer.from('big') },
      ]),
      'big-endian',
    ],
    [
      'another zip archive',
      zip([{ name: 'word/document.xml', data: sound }]),
      'not a PyTorch checkpoint',
    ],
    ['an archive cut off at its end', archive(sound).subarray(0, -30), 'table of contents'],
    [
      'an archive without its first half',
      Buffer.concat([Buffer.from('PK\x03\x04'), archive(sound).subarray(200)]),
      'model-',
    ],
  ])('%s is refused', async (_, bytes, reason) => {
    expect((await refusal(bytes)).message).toContain(reason);
  });

  test('a file that shrinks after it was opened is refused', async () => {
    const source = await open(archive(sound));
    const tensors = flatTensors(await readCheckpoint(source));
    await truncate(path.join(folder, source.fileName), 40);
    const [tensor] = tensors.values();
    await expect(tensor && readFloats(tensor)).rejects.toThrow('became shorter');
    await source.close();
  });
});

describe('damage anywhere gives a sentence, never a crash', () => {
  test.each(['clip_probe.pth', 'timm_distilled.pth', 'hf_deit.safetensors'])('%s', async (name) => {
    const whole = await readFile(path.resolve(import.meta.dirname, '../fixtures/intake', name));
    // The head has the header or pickle, the tail a zip's table of contents.
    const places = fc.oneof(fc.nat(3000), fc.integer({ min: -2500, max: -1 }));
    const changes = fc.array(fc.tuple(places, fc.nat(255)), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(changes, async (list) => {
        const bytes = Buffer.from(whole);
        for (const [at, value] of list) bytes[at < 0 ? bytes.length + at : at] = value;
        await valuesOf(bytes).catch((error: unknown) => {
          expect(error).toBeInstanceOf(EngineError);
        });
      }),
      { numRuns: 200 },
    );
  });
});

describe('other files', () => {
  test.each([
    [
      'a Git LFS pointer',
      'version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 9\n',
      'Git LFS pointer',
    ],
    ['a web page', '<!DOCTYPE html><html><body>Sign in</body></html>', 'web page'],
    ['an empty file', '', 'is empty'],
    ['a text', 'These are not weights.', 'neither a safetensors file'],
    ['another pickle', pickle.dict({ a: pickle.int(1) }), 'not one that torch.save wrote'],
  ])('%s is refused', async (_, content, reason) => {
    expect((await refusal(Buffer.from(content))).message).toContain(reason);
  });

  test('a file that is not there', async () => {
    await expect(ByteSource.open(path.join(folder, 'nothing.pt'))).rejects.toMatchObject({
      code: 'model-unreadable',
    });
    await expect(ByteSource.open(folder)).rejects.toMatchObject({ code: 'model-unreadable' });
  });
});

test('views of tensors: rows, transposed, reshaped', async () => {
  const header = { a: { dtype: 'F32', shape: [3, 2], data_offsets: [0, 24] } };
  const source = await open(safetensors(header, floats(1, 2, 3, 4, 5, 6)));
  const tensor = flatTensors(await readCheckpoint(source)).get('a');
  if (!tensor) throw new Error('no tensor');
  expect([...(await readFloats(rows(tensor, 1, 2)))]).toEqual([3, 4, 5, 6]);
  expect([...(await readFloats(transposed(tensor)))]).toEqual([1, 3, 5, 2, 4, 6]);
  expect([...(await readFloats(rows(transposed(tensor), 1, 1)))]).toEqual([2, 4, 6]);
  expect(reshaped(tensor, [1, 6]).dims).toEqual([1, 6]);
  expect(() => reshaped(tensor, [4])).toThrow(EngineError);
  expect(() => reshaped(transposed(tensor), [6])).toThrow(EngineError);
  await source.close();
});
