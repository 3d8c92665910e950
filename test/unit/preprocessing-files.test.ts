/**
 * Files that state preprocessing, as other libraries write them, against what these libraries make
 * of a picture by them (`make.py` beside the fixtures).
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import matrix from '../fixtures/preprocessing-files/matrix.json';
import { onnxHeader } from '../fixtures/onnx-header';
import { preprocessingSchema } from '../../src/shared/preprocessing';
import { resolveModel } from '../../src/store/resolve-model';
import { decodeImage } from '../../src/service/pictures/decode';
import { preprocess, type ModelInput } from '../../src/service/pictures/preprocess';

interface MatrixCase {
  readonly name: string;
  /** Text, or what is written as JSON. */
  readonly files: Readonly<Record<string, unknown>>;
  readonly picture: string;
  /** Height and width that the graph fixes. */
  readonly input?: readonly number[];
  /** Words of the notes, one each. */
  readonly assumed: readonly string[];
  readonly expected: {
    readonly shape: readonly number[];
    readonly checksum: number;
    readonly samples: readonly (readonly number[])[];
  };
}

const fixtures = path.resolve(import.meta.dirname, '../fixtures/preprocessing-files');
const cases = matrix.cases as unknown as readonly MatrixCase[];

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-preprocessing-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function describeModel({ files, input }: Pick<MatrixCase, 'files' | 'input'>) {
  const file = path.join(folder, input === undefined ? 'm.safetensors' : 'm.onnx');
  await writeFile(file, input === undefined ? 'x' : onnxHeader([], ['batch', 3, ...input]));
  for (const [name, content] of Object.entries(files)) {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    await writeFile(path.join(folder, name), text);
  }
  return resolveModel(file, { starterFolder: folder });
}

describe('files of other libraries', () => {
  it.each(cases)('$name', async (tried) => {
    const model = await describeModel(tried);
    const notes = model.assumed.map(({ value, reason }) => `${value}, since ${reason}`);
    expect(notes).toEqual(
      tried.assumed.map((words) => expect.stringContaining(words) as unknown as string),
    );
    const bytes = await readFile(path.join(fixtures, `${tried.picture}.png`));
    const { shape, values } = preprocess(
      await decodeImage(bytes, tried.picture),
      model.preprocessing,
    );
    const { expected } = tried;
    expect(shape).toEqual(expected.shape);
    const sampled = expected.samples.map(([place = NaN]) => [place, values[place] ?? NaN]);
    for (const [at, [place, value = NaN]] of sampled.entries()) {
      const [, right = NaN] = expected.samples[at] ?? [];
      expect(Math.abs(value - right), `value ${place}: ${value}, not ${right}`).toBeLessThan(
        1e-6 * Math.max(2, Math.abs(right)),
      );
    }
    // A level of one pixel more or less changes the sum by 1e-5 … 1e-2.
    expect(Math.abs(checksum(values) - expected.checksum)).toBeLessThan(
      1e-3 * Math.max(1, largest(values)),
    );
  });

  it('can all be said by a manifest', async () => {
    for (const tried of cases) {
      const { preprocessing } = await describeModel(tried);
      expect(v.parse(preprocessingSchema, preprocessing)).toEqual(preprocessing);
      for (const name of Object.keys(tried.files)) await rm(path.join(folder, name));
    }
  });
});

function checksum(values: ModelInput['values']): number {
  return values.reduce((sum, value, at) => sum + (value * (((at * 37) % 101) + 1)) / 101, 0);
}

function largest(values: ModelInput['values']): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
