/** Whatever is wrong with an input gets a clear message, and the next request works. */
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureData } from '../../src/shared/failure';
import type { FailureCode } from '../../src/shared/failure-data';
import type { ExplainParams, ImageSource } from '../../src/shared/protocol/explain';
import { WorkerClient } from '../../src/worker/client';
import { buildConvolutionalNet } from '../fixtures/build-convolutional-net';
import { bundle } from './bundle';
import { explainParams, gradientPicture, makeScene, writeModel, type Scene } from './scene';

let scene: Scene;
let worker: Awaited<ReturnType<typeof bundle>>;
let client: WorkerClient;

beforeAll(async () => {
  [scene, worker] = await Promise.all([makeScene(), bundle('worker')]);
  client = new WorkerClient(worker.file, scene.settings, () => undefined);
});
afterAll(async () => {
  client.dispose();
  await Promise.all([scene.remove(), worker.remove()]);
});

/** The failure of a request; the same process must then serve a good one. */
async function failureOfCall(params: ExplainParams) {
  await explainGood();
  const processId = client.processId;
  const failure = await client.call('explain', params).then(
    () => undefined,
    (thrown: unknown) => failureData(thrown),
  );
  expect(failure?.nextStep).toMatch(/^[A-Z].*\.$/s);
  await explainGood();
  expect(client.processId).toBe(processId);
  return failure;
}

async function explainGood() {
  const result = await client.call('explain', explainParams(scene.small, scene.png));
  expect(result.heatmaps[0]?.values).toHaveLength(6);
}

function encoded(bytes: Uint8Array, name: string): ImageSource {
  return { kind: 'encoded', bytes, name };
}

describe('pictures', () => {
  async function check(bytes: Uint8Array, name: string, code: FailureCode, words: RegExp) {
    const image = encoded(bytes, name);
    const failure = await failureOfCall({ ...explainParams(scene.small, bytes), image });
    expect(failure).toMatchObject({ code, message: expect.stringMatching(words) as string });
    expect(failure?.message).toContain(name);
  }

  it('refuses a text named .png', () =>
    check(Buffer.from('I am no picture.\n'), 'notes.png', 'image-unreadable', /not a picture/));

  it('refuses an empty file', () =>
    check(Buffer.alloc(0), 'empty.webp', 'image-unreadable', /is empty/));

  it('refuses a truncated JPEG', async () => {
    const whole = await gradientPicture(400, 300).jpeg().toBuffer();
    const half = whole.subarray(0, whole.length / 2);
    await check(half, 'half.jpg', 'image-unreadable', /ends too early/);
  });

  it('refuses a truncated PNG', async () => {
    const whole = await gradientPicture(400, 300).png().toBuffer();
    await check(
      whole.subarray(0, whole.length / 2),
      'half.png',
      'image-unreadable',
      /ends too early/,
    );
  });

  it('refuses 20,000 × 20,000 pixels without unpacking them', async () => {
    const bomb = await sharp({
      create: { width: 20_000, height: 20_000, channels: 3, background: 'white' },
      limitInputPixels: false,
    })
      .png({ compressionLevel: 1 })
      .toBuffer();
    const before = performance.now();
    await check(bomb, 'bomb.png', 'image-too-large', /20000 × 20000 pixels.*120 megapixels/);
    expect(performance.now() - before).toBeLessThan(5000);
  });

  it('explains a picture of 1 × 1 pixel', async () => {
    const pixel = await gradientPicture(1, 1).png().toBuffer();
    const result = await client.call('explain', explainParams(scene.small, pixel));
    expect(result.window).toMatchObject({ imageWidth: 1, imageHeight: 1 });
    expect(result.heatmaps[0]?.values.every(Number.isFinite)).toBe(true);
  });

  it('explains a very oblong picture by its centre', async () => {
    const strip = await gradientPicture(30_000, 2).png().toBuffer();
    const model = {
      ...scene.small,
      preprocessing: {
        ...scene.small.preprocessing,
        resize: { rule: 'shortest-edge', size: 300 } as const,
      },
    };
    const result = await client.call('explain', explainParams(model, strip));
    expect(result.window.left).toBeGreaterThan(14_000);
  });

  it('refuses a tensor that the model does not take', async () => {
    const image: ImageSource = {
      kind: 'tensor',
      values: new Float32Array(3 * 16),
      shape: [1, 3, 4, 4],
      name: 'small.npy',
    };
    const params = { ...explainParams(scene.small, scene.png), image };
    expect((await failureOfCall(params))?.message).toMatch(/8 ?× ?12/);
  });
});

describe('models', () => {
  const explainWith = (file: string) =>
    failureOfCall(
      explainParams({ ...scene.small, path: file, name: path.basename(file) }, scene.png),
    );

  it('names a model that is not there', async () => {
    expect(await explainWith('/nowhere/model.onnx')).toMatchObject({ code: 'model-missing' });
  });

  it('refuses a model that is no model', async () => {
    const file = path.join(scene.folder, 'text.onnx');
    await writeFile(file, 'I am no model.\n');
    expect(await explainWith(file)).toMatchObject({ code: 'model-unreadable' });
  });

  it('refuses a model file that was cut off', async () => {
    const whole = await writeModel(path.join(scene.folder, 'whole.onnx'), { seed: 3 });
    const file = path.join(scene.folder, 'cut.onnx');
    const bytes = await readFile(whole.path);
    await writeFile(file, bytes.subarray(0, bytes.length / 2));
    expect(await explainWith(file)).toMatchObject({ code: 'model-unreadable' });
  });

  it('refuses a model that is no ViT', async () => {
    const file = path.join(scene.folder, 'conv.onnx');
    await writeFile(file, buildConvolutionalNet());
    expect(await explainWith(file)).toMatchObject({ code: 'model-not-a-vit' });
  });

  it('refuses a class that the model does not have', async () => {
    const params = explainParams(scene.small, scene.png, { targets: { classes: [99] } });
    expect(await failureOfCall(params)).toMatchObject({
      code: 'class-unknown',
      message: expect.stringContaining('99') as string,
    });
  });

  it('refuses a method that does not exist', async () => {
    const params = explainParams(scene.small, scene.png, { method: 'guesswork' });
    expect(await failureOfCall(params)).toMatchObject({ code: 'method-not-applicable' });
  });

  it('shows classes by number when the names do not fit, and says so', async () => {
    const model = { ...scene.small, labels: ['one', 'two'] };
    const result = await client.call('explain', explainParams(model, scene.png));
    expect(result.topK[0]?.label).toMatch(/^class \d$/);
    expect(result.notices.join()).toMatch(/5 classes, but 2 names/);
  });
});

describe('a cache that cannot be written', () => {
  async function explainWithCache(cacheFolder: string) {
    const other = new WorkerClient(
      worker.file,
      { ...scene.settings, cacheFolder },
      () => undefined,
    );
    try {
      return await other.call('explain', explainParams(scene.small, scene.png));
    } finally {
      other.dispose();
    }
  }

  it('is reported, and the explanation is there (a file in place of the folder)', async () => {
    const file = path.join(scene.folder, 'not-a-folder');
    await writeFile(file, '');
    const result = await explainWithCache(path.join(file, 'cache'));
    expect(result.heatmaps).toHaveLength(2);
    expect(result.notices).not.toEqual([]);
  });

  it.skipIf(process.getuid?.() === 0)(
    'is reported, and the explanation is there (read-only; root ignores modes, so not as root)',
    async () => {
      const folder = path.join(scene.folder, 'read-only');
      await mkdir(folder);
      await chmod(folder, 0o500);
      const result = await explainWithCache(path.join(folder, 'cache'));
      expect(result.heatmaps).toHaveLength(2);
      expect(result.notices).not.toEqual([]);
    },
  );

  it('is reported, and the explanation is there (no space left)', async ({ skip }) => {
    const full = await mountFullFolder();
    if (full === undefined) {
      skip('left out: mounting a file system is not allowed here');
      return;
    }
    try {
      const result = await explainWithCache(full);
      expect(result.heatmaps).toHaveLength(2);
      expect(result.notices).not.toEqual([]);
    } finally {
      execFileSync('umount', [full]);
    }
  });
});

/** A file system of one page, which holds no model; undefined where mounting is not allowed. */
async function mountFullFolder(): Promise<string | undefined> {
  const folder = path.join(scene.folder, 'full');
  await mkdir(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'none', folder], { stdio: 'ignore' });
    return folder;
  } catch {
    return undefined;
  }
}
