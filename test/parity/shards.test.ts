/** A checkpoint in several parts becomes, to the last byte, the model that it becomes in one piece. */
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildForwardModel } from '../../src/engine/intake/build-forward-model';
import { openCheckpoint } from '../../src/engine/intake/checkpoint/open-checkpoint';
import { readFloats } from '../../src/engine/intake/checkpoint/tensor';
import { forwardFiles } from '../../src/engine/intake/forward/write-forward';
import { flatTensors } from '../fixtures/intake/place-checkpoint';
import { largestDifference, runModel } from '../fixtures/intake/run-model';
import { splitSafetensors } from '../fixtures/intake/split-safetensors';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-shards-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

interface Figure {
  readonly file: string;
  readonly config: object;
  readonly inputSize: readonly [number, number];
  readonly output: 'logits' | 'features';
  readonly images: number;
  readonly expected: readonly number[];
}

const fixture = (file: string) => path.resolve(import.meta.dirname, '../fixtures/intake', file);
const figures = (JSON.parse(await readFile(fixture('figures.json'), 'utf8')) as Figure[]).filter(
  ({ file }) => file.endsWith('.safetensors'),
);

async function valuesOf(file: string): Promise<ReadonlyMap<string, Float32Array>> {
  const { sets, close } = await openCheckpoint(file);
  const values = new Map<string, Float32Array>();
  for (const [name, tensor] of [...flatTensors(sets)].sort(([a], [b]) => (a < b ? -1 : 1)))
    values.set(name, await readFloats(tensor));
  await close();
  return values;
}

test.each(figures)(
  '$file in parts, $inputSize: the weights and the $output of the whole',
  async ({ file, config, inputSize, output, images, expected }) => {
    const place = await mkdtemp(path.join(folder, 'model-'));
    const whole = path.join(place, 'whole.safetensors');
    await copyFile(fixture(file), whole);
    await writeFile(path.join(place, 'config.json'), JSON.stringify(config));
    const index = await splitSafetensors(whole, place, 3);
    expect(await valuesOf(index)).toEqual(await valuesOf(whole));

    const cacheFolder = path.join(place, 'cache');
    const [one, other] = [
      await buildForwardModel(whole, { cacheFolder, inputSize, output }),
      await buildForwardModel(index, { cacheFolder, inputSize, output }),
    ];
    expect(other.onnxPath).not.toBe(one.onnxPath);
    const [weights, ofParts] = [one, other].map(({ onnxPath }) => forwardFiles(onnxPath)[0]);
    expect((await readFile(ofParts ?? '')).equals(await readFile(weights ?? ''))).toBe(true);
    const dims = [images, 3, ...inputSize];
    const length = dims.reduce((product, size) => product * size, 1);
    const waves = Float32Array.from({ length }, (_, i) => Math.sin(0.37 * i));
    const result = await runModel(other.onnxPath, waves, dims);
    expect(largestDifference(result, expected)).toBeLessThan(1e-4);
  },
);
