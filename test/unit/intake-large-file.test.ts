/** A checkpoint of more than 2 GB is read where its weights lie, not as a whole. */
import { copyFile, mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildForwardModel } from '../../src/engine/intake/build-forward-model';
import { forwardFiles } from '../../src/engine/intake/forward/write-forward';
import { safetensors } from '../fixtures/intake/write-files';

const fixture = path.resolve(import.meta.dirname, '../fixtures/intake/hf_vit.safetensors');
const config = '{"num_attention_heads": 2}';
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-large-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

// Holes take no place on the file systems of Linux.
it.runIf(process.platform === 'linux')('finds weights behind 3 GB of others', async () => {
  const whole = await readFile(fixture);
  const dataStart = 8 + Number(whole.readBigUInt64LE(0));
  const { __metadata__, ...tensors } = JSON.parse(whole.toString('utf8', 8, dataStart)) as Record<
    string,
    { data_offsets: [number, number] }
  >;
  const hole = 3 * 2 ** 30;
  const header: Record<string, unknown> = { __metadata__ };
  for (const [name, tensor] of Object.entries(tensors)) {
    const [from, to] = tensor.data_offsets;
    header[name] = { ...tensor, data_offsets: [hole + from, hole + to] };
  }
  // Weights that take no part in the way from picture to class.
  header['vit.pooler.dense.weight'] = { dtype: 'F32', shape: [hole / 4], data_offsets: [0, hole] };
  const large = path.join(folder, 'large.safetensors');
  const start = safetensors(header, new Uint8Array());
  const file = await open(large, 'w');
  await file.write(start, 0, start.length, 0);
  await file.write(whole, dataStart, whole.length - dataStart, start.length + hole);
  await file.close();
  expect((await stat(large)).size).toBeGreaterThan(hole);
  const small = path.join(folder, 'small.safetensors');
  await copyFile(fixture, small);
  await writeFile(path.join(folder, 'config.json'), config);
  const cacheFolder = path.join(folder, 'cache');
  const [one, other] = await Promise.all([
    buildForwardModel(large, { cacheFolder, inputSize: [16, 16], sha256: 'large' }),
    buildForwardModel(small, { cacheFolder, inputSize: [16, 16], sha256: 'small' }),
  ]);
  const [weights, expected] = [one, other].map(({ onnxPath }) => forwardFiles(onnxPath)[0]);
  expect((await readFile(weights ?? '')).equals(await readFile(expected ?? ''))).toBe(true);
});
