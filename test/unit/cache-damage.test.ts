/** Whatever happens to what a cache holds, the answer stays right, and the log says so. */
import {
  copyFile,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest';
import { openExplainer } from '../../src/engine/open-explainer';
import { buildForwardModel } from '../../src/engine/intake/build-forward-model';
import { canonicalise } from '../../src/engine/onnx/canonicalise';
import {
  preparedEntry,
  readPrepared,
  sealPrepared,
  writePrepared,
} from '../../src/engine/onnx/prepared-cache';
import { ResultCache } from '../../src/service/batch/result-cache';
import { FeatureCache } from '../../src/service/probe/feature-cache';
import { buildVit, picture } from '../fixtures/build-vit';

let folder = '';
let log: MockInstance;
const at = (...names: string[]) => path.join(folder, ...names);

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-damage-'));
  log = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

/** What disks, broken writes and people do to a file; each leaves it otherwise than it was. */
const damages: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  'a bit at the start': (bytes) => flipped(bytes, 0, 2),
  'a bit in the middle': (bytes) => flipped(bytes, Math.floor(bytes.length / 2), 5),
  'a bit at the end': (bytes) => flipped(bytes, bytes.length - 3, 0),
  'zeros from the middle on': (bytes) => Buffer.from(bytes).fill(0, Math.floor(bytes.length / 2)),
  'a page of zeros': (bytes) => Buffer.from(bytes).fill(0, bytes.length >> 2, bytes.length >> 1),
  'all zeros': (bytes) => Buffer.alloc(bytes.length),
  'cut off': (bytes) => bytes.subarray(0, bytes.length - 7),
  empty: () => Buffer.alloc(0),
  'bytes behind its end': (bytes) => Buffer.concat([bytes, Buffer.from('more')]),
};

function flipped(bytes: Buffer, byte: number, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[byte] = (copy[byte] ?? 0) ^ (1 << bit);
  return copy;
}

/** Its times stay as they were, as far as that can be had. */
async function damage(file: string, how: (bytes: Buffer) => Buffer): Promise<void> {
  const bytes = await readFile(file);
  const harmed = how(bytes);
  expect(harmed.equals(bytes)).toBe(false);
  await writeFile(file, harmed);
  const past = new Date(Date.now() - 3600_000);
  await utimes(file, past, past);
}

const lastLog = () => String(log.mock.lastCall?.[0]);

describe('a prepared model', () => {
  const vit = buildVit({ heads: 4, headDim: 32, seed: 3 });
  const cacheFolder = () => at('cache');

  async function mapOfPicture(): Promise<{ logits: Float32Array; map: Float32Array }> {
    const explainer = await openExplainer(at('model.onnx'), {
      threads: 1,
      provider: 'cpu',
      cacheFolder: cacheFolder(),
    });
    try {
      const classified = await explainer.classify(picture(vit.inputDims));
      const { maps } = await explainer.explain(classified, 'gae', {}, [1]);
      return { logits: classified.logits, map: maps };
    } finally {
      await explainer.release();
    }
  }

  it.each(
    ['.onnx', '.weights', '.json'].flatMap((ending) =>
      Object.keys(damages).map((how) => [ending, how] as const),
    ),
  )('%s: %s', async (ending, how) => {
    await writeFile(at('model.onnx'), vit.bytes);
    const right = await mapOfPicture();
    expect(await mapOfPicture()).toEqual(right);
    expect(log).not.toHaveBeenCalled();
    const name = (await readdir(cacheFolder())).find((one) => one.endsWith(ending)) ?? '';
    const harm = damages[how];
    if (harm) await damage(at('cache', name), harm);
    expect(await mapOfPicture()).toEqual(right);
    expect(log).toHaveBeenCalledOnce();
    expect(lastLog()).toMatch(/is damaged \(.*\); it is made anew\.\n/);
    expect((await canonicalise(at('model.onnx'), { cacheFolder: cacheFolder() })).fromCache).toBe(
      true,
    );
  });

  it('whose writing was broken off is made anew, silently', async () => {
    await writeFile(at('model.onnx'), vit.bytes);
    const right = await mapOfPicture();
    const names = await readdir(cacheFolder());
    const file = (ending: string) => at('cache', names.find((name) => name.endsWith(ending)) ?? '');
    await rm(file('.json'));
    await truncate(file('.weights'), 1000);
    await rename(file('.onnx'), `${file('.onnx')}.0b0e0000-0000-4000-8000-000000000000.tmp`);
    expect(await mapOfPicture()).toEqual(right);
    expect(log).not.toHaveBeenCalled();
  });
});

it('two processes that prepare one model, each in its own way, leave no mixture', async () => {
  const entry = preparedEntry(at('cache'), 'a'.repeat(64), undefined);
  const graphs = await Promise.all(
    [1, 2].map(async (seed) => {
      const file = at(`${seed}.onnx`);
      await writeFile(file, buildVit({ heads: 4, headDim: 32, seed }).bytes);
      return (await canonicalise(file)).graph;
    }),
  );
  const [first, second] = graphs;
  if (!first || !second) throw new Error('there are two');
  const one = await writePrepared(entry, first);
  const two = await writePrepared(entry, second);
  // The sessions of both read their own weights.
  for (const [written, graph] of [
    [one, first],
    [two, second],
  ] as const) {
    for (const [name, { data }] of graph.constants)
      expect(Buffer.from(written.graph.constants.get(name)?.data ?? []).equals(data)).toBe(true);
  }
  const found = { precision: 'single', notices: [] } as const;
  await sealPrepared(entry, two, found);
  await sealPrepared(entry, one, found);
  expect(await readPrepared(entry)).toBeUndefined();
  await sealPrepared(entry, two, found);
  expect((await readPrepared(entry))?.bytes).toEqual(Buffer.from(two.bytes));
});

it('of two processes that prepare one model alike, the second leaves alone what the first has open', async () => {
  await writeFile(at('model.onnx'), buildVit({ heads: 4, headDim: 32 }).bytes);
  const { graph } = await canonicalise(at('model.onnx'));
  const entry = preparedEntry(at('cache'), 'a'.repeat(64), undefined);
  const files = async () => {
    const names = (await readdir(at('cache'))).filter((name) => name.startsWith(entry.name)).sort();
    return Promise.all(names.map(async (name) => [name, (await stat(at('cache', name))).ino]));
  };
  const first = await writePrepared(entry, graph);
  await sealPrepared(entry, first, { precision: 'single', notices: [] });
  const before = await files();
  expect(before).toHaveLength(3);
  const second = await writePrepared(entry, graph);
  expect(await files()).toEqual(before);
  expect(second.bytes).toEqual(first.bytes);
  // What is damaged is written again.
  const weights = before.map(([name]) => String(name)).find((name) => name.endsWith('.weights'));
  await truncate(at('cache', weights ?? ''), 1000);
  await sealPrepared(entry, await writePrepared(entry, graph), {
    precision: 'single',
    notices: [],
  });
  expect((await readPrepared(entry))?.bytes).toEqual(Buffer.from(first.bytes));
});

describe('a model built from a checkpoint', () => {
  it.each(Object.keys(damages))('%s', async (how) => {
    const fixture = path.resolve(import.meta.dirname, '../fixtures/intake/hf_vit.safetensors');
    await copyFile(fixture, at('model.safetensors'));
    await writeFile(at('config.json'), '{"model_type": "vit", "num_attention_heads": 2}');
    const build = () => buildForwardModel(at('model.safetensors'), { cacheFolder: at('cache') });
    const { onnxPath } = await build();
    const files = ['.onnx', '.weights', '.json'].map((end) => onnxPath.replace('.onnx', end));
    const whole = await Promise.all(files.map((file) => readFile(file)));
    for (const file of files) {
      const harm = damages[how];
      if (harm) await damage(file, harm);
      log.mockClear();
      await build();
      expect(log).toHaveBeenCalledOnce();
      expect(lastLog()).toContain(file);
      expect(await Promise.all(files.map((one) => readFile(one)))).toEqual(whole);
      await build();
      expect(log).toHaveBeenCalledOnce();
    }
  });
});

describe('results and features', () => {
  const key = (digit: string) => digit.repeat(64);
  const result = (value: number) => ({
    logits: Float32Array.of(value, value / 3),
    map: { rows: 1, columns: 2, values: Buffer.from([value, value]).toString('base64') },
    window: { imageWidth: 4, imageHeight: 4, left: 0, top: 0, width: 4, height: 4 },
    remarks: ['frames'] as const,
  });
  const digits = ['a', 'b', 'c'];

  it.each(Object.keys(damages))('a file of results: %s', async (how) => {
    const open = () => ResultCache.open(at('results'), 'model');
    const cache = await open();
    for (const [value, digit] of digits.entries()) await cache.add(key(digit), result(value));
    await cache.close();
    const [name = ''] = await readdir(at('results'));
    const harm = damages[how];
    if (harm) await damage(at('results', name), harm);
    for (const round of [1, 2]) {
      const later = await open();
      let known = 0;
      for (const [value, digit] of digits.entries()) {
        const found = await later.get(key(digit));
        if (found) {
          known++;
          expect(found).toEqual(result(value));
        } else {
          await later.add(key(digit), result(value));
        }
      }
      await later.close();
      expect(known, how).toBeGreaterThanOrEqual(round === 2 ? 3 : 0);
    }
  });

  it('every single bit of a result', async () => {
    const cache = await ResultCache.open(at('results'), 'model');
    await cache.add(key('a'), result(5));
    await cache.close();
    const [name = ''] = await readdir(at('results'));
    const file = at('results', name);
    const whole = await readFile(file);
    for (let byte = 0; byte < whole.length; byte++) {
      await writeFile(file, flipped(whole, byte, byte % 8));
      const later = await ResultCache.open(at('results'), 'model');
      const found = await later.get(key('a'));
      await later.close();
      if (found) expect(found).toEqual(result(5));
    }
    expect(lastLog()).toContain('is damaged');
  });

  it.each(Object.keys(damages))('a file of features: %s', async (how) => {
    const open = () => FeatureCache.open(at('features'), 3);
    const features = (value: number) => Float32Array.of(value, 0.1 * value, -value);
    const cache = await open();
    for (const [value, digit] of digits.entries()) await cache.add(key(digit), features(value));
    await cache.close();
    const [name = ''] = await readdir(at('features'));
    const harm = damages[how];
    if (harm) await damage(at('features', name), harm);
    const later = await open();
    let missing = 0;
    for (const [value, digit] of digits.entries()) {
      const found = later.get(key(digit));
      if (found) expect(found).toEqual(features(value));
      else missing++;
    }
    await later.close();
    // What a killed run left half written is no damage.
    const isTorn = how === 'cut off' || how === 'empty' || how === 'bytes behind its end';
    expect(log.mock.calls.length > 0).toBe(missing > 0 && !isTorn);
  });
});
