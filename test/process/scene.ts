/** What the process tests work with: a folder of their own, a small model, a slow one, a picture. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sharp, { type Sharp } from 'sharp';
import type { ModelDescription } from '../../src/shared/model';
import type { ExplainParams } from '../../src/shared/protocol/explain';
import type { WorkerSettings } from '../../src/shared/protocol/settings';
import { buildVit, type VitOptions } from '../fixtures/build-vit';

export interface Scene {
  readonly folder: string;
  /** Answers within milliseconds. */
  readonly small: ModelDescription;
  /** Takes seconds for `slowExplain`. */
  readonly slow: ModelDescription;
  readonly png: Uint8Array;
  readonly settings: WorkerSettings;
  readonly remove: () => Promise<void>;
}

export async function makeScene(): Promise<Scene> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'vit-process-'));
  return {
    folder,
    small: await writeModel(path.join(folder, 'small.onnx'), {}),
    slow: await writeModel(path.join(folder, 'slow.onnx'), {
      blocks: 8,
      heads: 4,
      headDim: 16,
      grid: [24, 24],
      classes: 20,
    }),
    png: await gradientPicture(40, 30).png().toBuffer(),
    settings: {
      threads: 1,
      provider: 'cpu',
      cacheFolder: path.join(folder, 'cache'),
      idleSeconds: 0,
      sessionBytes: 2 ** 30,
    },
    remove: () => rm(folder, { recursive: true }),
  };
}

/** Writes a tiny random ViT and describes it. */
export async function writeModel(file: string, options: VitOptions): Promise<ModelDescription> {
  const { bytes, inputDims, options: complete } = buildVit(options);
  await writeFile(file, bytes);
  return {
    id: `file:${file}`,
    name: path.basename(file),
    path: file,
    preprocessing: {
      resize: { rule: 'squash' },
      interpolation: 'bicubic',
      crop: [inputDims[2], inputDims[3]],
      rescale: 1 / 255,
      mean: [0.5, 0.5, 0.5],
      std: [0.5, 0.5, 0.5],
    },
    preprocessingSource: 'from the test',
    assumed: [],
    labels: Array.from({ length: complete.classes }, (_, index) => `label ${index}`),
  };
}

/** A picture with something to see: red grows to the right, green downwards. */
export function gradientPicture(width: number, height: number): Sharp {
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++)
      data.set([(255 * x) / width, (255 * y) / height, 90], (y * width + x) * 3);
  }
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** A request that explains `count` classes of the scene's picture. */
export function explainParams(
  model: ModelDescription,
  bytes: Uint8Array,
  changes: Partial<ExplainParams> = {},
): ExplainParams {
  return {
    image: { kind: 'encoded', bytes, name: 'picture.png' },
    model,
    method: 'transformer_attribution',
    options: {},
    targets: { topK: 2 },
    listed: 3,
    stability: false,
    ...changes,
  };
}

/** A request that keeps the worker busy for seconds. */
export function slowExplain({ slow, png }: Scene): ExplainParams {
  return explainParams(slow, png, { targets: { topK: 10 } });
}
