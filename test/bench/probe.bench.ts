/**
 * Linear probes: features a second beside the plain forward run of the same backbone (aim: at least
 * 85 %), and the training of a head for 100 classes on 10,000 × 768 features.
 *
 *     npm run bench:probe -- [MODEL] [THREADS] [PICTURES]
 *
 * MODEL is any file that is explained; without it, a ViT-B/16 with random weights is written. The
 * pictures are crops of media/samples at 500 pixels a side, as photographs of data sets are.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { featureProgram } from '../../src/engine/heads/feature-program';
import { seededRandom } from '../../src/shared/random';
import { softmaxRegression } from '../../src/engine/heads/softmax-regression';
import { trainProbe } from '../../src/engine/heads/train-probe';
import { ImageSession } from '../../src/engine/image-program';
import { resolveModel } from '../../src/store/resolve-model';
import { cachedFeatures } from '../../src/service/probe/cached-features';
import { openBackbone } from '../../src/service/probe/open-backbone';
import { Workroom } from '../../src/service/workroom';
import { writePhotos } from './photos';
import { vitSizes, writeVit } from './vit-of-size';

const [given = '', threads = '0', pictures = '60'] = process.argv.slice(2);

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'vit-probe-bench-'));
  try {
    await features(folder);
    await training();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function features(folder: string): Promise<void> {
  let file = given;
  if (file === '') {
    file = path.join(folder, 'vit-b-16.onnx');
    writeVit(file, vitSizes['b16-224']);
  }
  const model = await resolveModel(file, { starterFolder: 'models/starter' });
  const photos = await writePhotos(folder, Number(pictures));
  const samples = photos.map((photo) => ({ ...photo, split: undefined }));
  const room = new Workroom({
    threads: Number(threads),
    provider: 'cpu',
    cacheFolder: path.join(folder, 'cache'),
    sessionBytes: Infinity,
  });
  const opened = await openBackbone(model, room.settings.cacheFolder, () => undefined);
  const session = await ImageSession.open(featureProgram(opened.backbone), room.settings.threads);
  const [height, width] = model.preprocessing.crop;
  const pixels = Float32Array.from({ length: 3 * height * width }, (_, i) => Math.sin(i / 97));
  // Before and after, so that a machine that grows slower is seen.
  const before = await plainRate(session, pixels);
  const found = await cachedFeatures(samples, opened, model, room, () => undefined, undefined);
  const after = await plainRate(session, pixels);
  await session.release();
  await room.close();
  const rate = found.computed / found.seconds;
  const plain = (before + after) / 2;
  console.log(
    `forward ${before.toFixed(2)} and ${after.toFixed(2)} a second; features ${rate.toFixed(2)} a second: ${((100 * rate) / plain).toFixed(0)} %`,
  );
}

async function plainRate(session: ImageSession, pixels: Float32Array): Promise<number> {
  const runs = Math.max(5, Number(pictures) / 4);
  await session.run(pixels);
  const start = performance.now();
  for (let run = 0; run < runs; run++) await session.run(pixels);
  return (1000 * runs) / (performance.now() - start);
}

/** Overlapping blobs in standardised features, as hard for the optimiser as real ones. */
async function training(): Promise<void> {
  const [rows, dim, classes] = [10_000, 768, 100];
  const random = seededRandom(1);
  const centres = Float32Array.from({ length: classes * dim }, () => random() - 0.5);
  const labels = Int32Array.from({ length: rows }, (_, row) => row % classes);
  const values = new Float32Array(rows * dim);
  for (let index = 0; index < values.length; index++) {
    const row = Math.floor(index / dim);
    values[index] =
      (centres[(labels[row] ?? 0) * dim + (index % dim)] ?? 0) + 14 * (random() - 0.5);
  }
  const data = { features: values, dim, labels, classes };
  for (const penalty of [1e-1, 1e-3]) {
    const start = performance.now();
    const { minimum } = await softmaxRegression(data, { penalty, threads: Number(threads) });
    console.log(
      `one head, 10,000 × 768 × 100, penalty ${penalty}: ${((performance.now() - start) / 1000).toFixed(1)} s, ${minimum.iterations} steps, ${minimum.converged ? 'converged' : 'stopped'}`,
    );
  }
  const start = performance.now();
  const probe = await trainProbe(data, {
    seed: 0,
    validationShare: 0.2,
    threads: Number(threads),
    classNames: Array.from({ length: classes }, (_, index) => String(index)),
  });
  console.log(
    `whole training, six penalties and a learning curve: ${((performance.now() - start) / 1000).toFixed(1)} s, penalty ${probe.penalty}, top-1 ${probe.report.top1.toFixed(3)}, ${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MB`,
  );
}

void main();
