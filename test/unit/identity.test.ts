/** What tells models apart: all their bytes, whatever the times of their files say. */
import { createHash } from 'node:crypto';
import {
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { externalFilesOf } from '../../src/engine/identity/external-files';
import { sha256Of } from '../../src/engine/identity/file-hash';
import { identityOf } from '../../src/engine/identity/identity';
import { canonicalise } from '../../src/engine/onnx/canonicalise';
import type { StatedArchitecture } from '../../src/shared/architecture';
import type { ModelDescription } from '../../src/shared/model';
import { stampOfModel } from '../../src/store/model-stamp';
import { presetOf } from '../../src/store/presets';
import { buildVit } from '../fixtures/build-vit';
import { withWeightsBeside } from '../fixtures/external-weights';

let folder = '';
const at = (...names: string[]) => path.join(folder, ...names);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const identity = (file: string) => identityOf(file, undefined);

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-identity-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

/** Writes other bytes of the same length, with the times of modification of before. */
async function replaceUnseen(file: string, bytes: Uint8Array): Promise<void> {
  const { size, atime, mtime } = await stat(file);
  expect(bytes.length).toBe(size);
  await writeFile(file, bytes);
  await utimes(file, atime, mtime);
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

describe('a model’s identity', () => {
  it('is the plain checksum of a model in one file', async () => {
    const { bytes } = buildVit();
    await writeFile(at('model.onnx'), bytes);
    expect(await identity(at('model.onnx'))).toBe(sha256(bytes));
  });

  it('tells two models apart that share their graph', async () => {
    const identities = new Set<string>();
    for (const seed of [1, 2]) {
      await mkdir(at(`${seed}`));
      const { model, weights } = withWeightsBeside(buildVit({ seed }).bytes, 'w.bin');
      await writeFile(at(`${seed}`, 'model.onnx'), model);
      await writeFile(at(`${seed}`, 'w.bin'), weights);
      // What the model holds itself may differ; the second one is the first with other weights.
      await copyFile(at('1', 'model.onnx'), at(`${seed}`, 'same-graph.onnx'));
      identities.add(await identity(at(`${seed}`, 'same-graph.onnx')));
    }
    expect(identities.size).toBe(2);
    await copyFile(at('1', 'w.bin'), at('2', 'w.bin'));
    expect(identities).toContain(await identity(at('2', 'same-graph.onnx')));
  });

  it('names the file that is missing', async () => {
    const { model } = withWeightsBeside(buildVit().bytes, 'gone.bin');
    await writeFile(at('model.onnx'), model);
    await expect(identity(at('model.onnx'))).rejects.toThrow(/“gone.bin” .* no such file/);
    await expect(identity(at('none.onnx'))).rejects.toThrow(/“none.onnx” .* no such file/);
  });

  it('is that of a checkpoint with what config.json says of its architecture', async () => {
    const fixture = path.resolve(import.meta.dirname, '../fixtures/intake/hf_vit.safetensors');
    await copyFile(fixture, at('model.safetensors'));
    const config = async (value: object) => {
      await writeFile(at('config.json'), JSON.stringify(value));
      return identity(at('model.safetensors'));
    };
    const alone = await identity(at('model.safetensors'));
    expect(alone).toBe(sha256(await readFile(fixture)));
    const two = await config({ num_attention_heads: 2 });
    expect(two).not.toBe(alone);
    expect(await config({ num_attention_heads: 4 })).not.toBe(two);
    expect(await config({ num_attention_heads: 2, id2label: { 0: 'cat' } })).toBe(two);
  });

  it('is that of a checkpoint with what its manifest states of its architecture', async () => {
    const fixture = path.resolve(import.meta.dirname, '../fixtures/intake/hf_vit.safetensors');
    await copyFile(fixture, at('model.safetensors'));
    const stating = (stated: StatedArchitecture) =>
      identityOf(at('model.safetensors'), undefined, stated);
    const alone = await stating({});
    expect(alone).toBe(sha256(await readFile(fixture)));
    const two = await stating({ heads: 2 });
    expect(two).not.toBe(alone);
    expect(await stating({ heads: 4 })).not.toBe(two);
    await writeFile(at('open_clip_config.json'), JSON.stringify({ model_cfg: {} }));
    expect(await stating({ heads: 2 })).not.toBe(two);
  });

  it('notices weights of the same size and time, at once', async () => {
    const { model, weights } = withWeightsBeside(buildVit().bytes, 'w.bin');
    await writeFile(at('model.onnx'), model);
    await writeFile(at('w.bin'), weights);
    const before = await identity(at('model.onnx'));
    await replaceUnseen(at('w.bin'), flipped(weights, 1000));
    expect(await identity(at('model.onnx'))).not.toBe(before);
    await replaceUnseen(at('w.bin'), weights);
    expect(await identity(at('model.onnx'))).toBe(before);
  });
});

describe('external files are found without reading weights', () => {
  it.each([
    ['none', buildVit().bytes, []],
    ['one', withWeightsBeside(buildVit().bytes, 'w.bin').model, ['w.bin']],
    // Protobuf messages merge: each half holds a part of the graph.
    [
      'two, in pieces',
      Buffer.concat([
        withWeightsBeside(buildVit().bytes, 'b.bin').model,
        withWeightsBeside(buildVit().bytes, 'a.bin').model,
      ]),
      ['a.bin', 'b.bin'],
    ],
    ['no model', Buffer.from('version https://git-lfs.github.com/spec/v1'), []],
    ['nothing', Buffer.alloc(0), []],
    ['zeros', Buffer.alloc(100_000), []],
  ] as const)('%s', async (_name, bytes, files) => {
    await writeFile(at('model.onnx'), bytes);
    expect(externalFilesOf(at('model.onnx'))).toEqual(files);
  });

  it('of a model that is cut off anywhere', async () => {
    const { model } = withWeightsBeside(buildVit().bytes, 'w.bin');
    for (let length = 0; length < model.length; length += 997) {
      await writeFile(at('cut.onnx'), model.subarray(0, length));
      for (const file of externalFilesOf(at('cut.onnx'))) expect(file).toBe('w.bin');
    }
  });

  it('and files outside of the model’s folder are not hashed', async () => {
    const { model } = withWeightsBeside(buildVit().bytes, '../../etc/hostname');
    await writeFile(at('model.onnx'), model);
    expect(await identity(at('model.onnx'))).toBe(sha256(model));
    await expect(canonicalise(at('model.onnx'))).rejects.toThrow(/outside the model’s folder/);
  });
});

describe('the stamp of a model', () => {
  it('changes with every file that an answer rests on', async () => {
    await mkdir(at('clip', 'onnx'), { recursive: true });
    const file = (...names: string[]) => at('clip', ...names);
    const { model, weights } = withWeightsBeside(buildVit().bytes, 'w.bin');
    const contents: Record<string, Uint8Array> = {
      [file('onnx', 'vision_model.onnx')]: model,
      [file('onnx', 'w.bin')]: weights,
      [file('onnx', 'text_model.onnx')]: Buffer.from('text'),
      [file('tokenizer.json')]: Buffer.from('{}'),
      [file('preprocessor_config.json')]: Buffer.from('{}'),
      [file('onnx', 'vision_model.vit.json')]: Buffer.from('{}'),
      [file('onnx', 'labels.txt')]: Buffer.from('cat'),
    };
    for (const [name, bytes] of Object.entries(contents)) await writeFile(name, bytes);
    const described: ModelDescription = {
      id: 'file:clip',
      name: 'clip',
      path: file('onnx', 'vision_model.onnx'),
      preprocessing: presetOf('timm').preprocessing(24),
      preprocessingSource: 'from the test',
      assumed: [],
      labels: [],
      zeroShot: {
        textModel: file('onnx', 'text_model.onnx'),
        tokenizer: file('tokenizer.json'),
        logitScale: 100,
        logitScaleAssumed: false,
      },
    };
    const stamps = new Set([await stampOfModel(described)]);
    expect(stamps).toContain(await stampOfModel(described));
    for (const [name, bytes] of Object.entries(contents)) {
      await replaceUnseen(name, bytes);
      stamps.add(await stampOfModel(described));
    }
    await writeFile(file('onnx', 'classes.txt'), 'new');
    stamps.add(await stampOfModel(described));
    await rm(file('onnx', 'w.bin'));
    stamps.add(await stampOfModel(described));
    expect(stamps.size).toBe(Object.keys(contents).length + 3);
  });
});

describe('checksums of large files are remembered', { timeout: 20_000 }, () => {
  const bytes = Buffer.alloc(5_000_000, 7);

  /** As another process sees it: nothing is known but what lies on the disk. */
  async function elsewhere(file: string): Promise<string> {
    vi.resetModules();
    const fresh = await import('../../src/engine/identity/file-hash');
    return fresh.sha256Of(file, at('cache'));
  }

  async function record(): Promise<string> {
    const [name = 'none'] = await readdir(at('cache', 'checksums')).catch(() => []);
    return at('cache', 'checksums', name);
  }

  it('but not of one that was changed a moment ago', async () => {
    await writeFile(at('large'), bytes);
    expect(await sha256Of(at('large'), at('cache'))).toBe(sha256(bytes));
    expect(await record()).toBe(at('cache', 'checksums', 'none'));
  });

  it('until the file changes, whatever its size and time of modification say', async () => {
    await writeFile(at('large'), bytes);
    // A time that can be set again to the nanosecond: nothing but the time of change is left to tell.
    await utimes(at('large'), 1_700_000_000, 1_700_000_000);
    await sleep(3100);
    expect(await elsewhere(at('large'))).toBe(sha256(bytes));
    const kept = JSON.parse(await readFile(await record(), 'utf8')) as { sha256: string };
    expect(kept.sha256).toBe(sha256(bytes));
    expect(await elsewhere(at('large'))).toBe(sha256(bytes));

    const other = flipped(bytes, 4_000_000);
    const before = await stat(at('large'), { bigint: true });
    await replaceUnseen(at('large'), other);
    const { mtimeNs, ino } = await stat(at('large'), { bigint: true });
    expect([mtimeNs, ino]).toEqual([before.mtimeNs, before.ino]);
    expect(await elsewhere(at('large'))).toBe(sha256(other));

    // Another file of the same name, size and time.
    const { atime, mtime } = await stat(at('large'));
    await writeFile(at('beside'), bytes);
    await utimes(at('beside'), atime, mtime);
    await rename(at('beside'), at('large'));
    expect(await elsewhere(at('large'))).toBe(sha256(bytes));
  });

  it('and a damaged record is not believed', async () => {
    const log = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    await writeFile(at('large'), bytes);
    await sleep(3100);
    await elsewhere(at('large'));
    const whole = await readFile(await record());
    for (const at of [20, whole.indexOf('"sha256":"') + 12, whole.length - 4]) {
      await writeFile(await record(), flipped(whole, at));
      expect(await elsewhere(path.join(folder, 'large'))).toBe(sha256(bytes));
      expect(await readFile(await record())).toEqual(whole);
    }
    expect(log).toHaveBeenCalledTimes(3);
    expect(String(log.mock.lastCall?.[0])).toMatch(/checksums.* is damaged/);
  });
});
