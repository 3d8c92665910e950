/** Answers that are no numbers are errors that say where that first appears. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineError } from '../../src/engine/engine-error';
import type { Explainer } from '../../src/engine/explainer';
import { openExplainer } from '../../src/engine/open-explainer';
import { ImageSession } from '../../src/engine/image-program';
import { Failure } from '../../src/shared/failure';
import { ModelInputs } from '../../src/service/pictures/model-inputs';
import { buildVit, picture } from '../fixtures/build-vit';

const vit = buildVit();
const sound = picture(vit.inputDims);
/** Its sums of products leave the range of float32. */
const huge = sound.map((value) => 3e38 * Math.sign(value));

let folder: string;
let file: string;
let explainer: Explainer;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-not-finite-'));
  file = path.join(folder, 'vit.onnx');
  await writeFile(file, vit.bytes);
  explainer = await openExplainer(file, { threads: 1, provider: 'cpu', cacheFolder: folder });
});
afterAll(async () => {
  await explainer.release();
  await rm(folder, { recursive: true });
});

async function thrown(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('the answer to one picture', () => {
  it('is refused with the place, and the next one is answered', async () => {
    const error = await thrown(explainer.classify(huge));
    expect(error).toBeInstanceOf(EngineError);
    expect(error).toMatchObject({ code: 'not-finite' });
    expect(String(error)).toMatch(
      /(NaN|infinity) first appears before the first block, behind Conv/,
    );
    const { logits } = await explainer.classify(sound);
    expect(logits.every(Number.isFinite)).toBe(true);
  });

  it('names pixels that are no numbers as the cause', async () => {
    const holed = sound.slice();
    holed[5] = NaN;
    const error = await thrown(explainer.classify(holed));
    expect(String(error)).toContain('The picture holds NaN');
  });

  it('is refused in a session of a dataset too', async () => {
    const program = explainer.imageProgram({ method: 'attention', options: {} });
    if (!program) throw new Error('there is no program');
    const session = await ImageSession.open(program, 1);
    try {
      expect(await thrown(session.run(huge))).toMatchObject({ code: 'not-finite' });
      expect(await session.run(sound)).toHaveLength(2);
    } finally {
      await session.release();
    }
  });
});

describe('a map', () => {
  it('is refused with the method’s name, and with what the model did forward', async () => {
    // The forward run is in float64, where these pixels do no harm; the way back is not.
    const call = { method: 'transformer_attribution', options: {} };
    const classified = await explainer.classify(huge, call);
    const error = await thrown(explainer.explain(classified, call.method, {}, [0]));
    expect(error).toMatchObject({ code: 'not-finite' });
    expect(String(error)).toMatch(
      /The map of .* is not made of numbers: .* \(forward, .* first appears before the first block/,
    );
  });
});

describe('a tensor from a file', () => {
  it.each([NaN, Infinity, -Infinity])('that holds %d is refused with its place', async (value) => {
    const values = new Float32Array(3 * 4 * 5);
    values[4 * 5 + 2 * 5 + 3] = value;
    const image = { kind: 'tensor', name: 'x.npy', values, shape: [1, 3, 4, 5] } as const;
    const preprocessing = { crop: [4, 5] } as never;
    const error = await thrown(new ModelInputs().prepare(image, preprocessing));
    expect(error).toBeInstanceOf(Failure);
    expect(error).toMatchObject({ code: 'image-unreadable' });
    expect(String(error)).toContain(`holds ${String(value)} in channel 1, row 2, column 3`);
  });
});
