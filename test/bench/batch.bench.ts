/**
 * A dataset through the batch, against the plain forward pass of ONNX Runtime on the model's own
 * file: pictures per second, time to the first tile, memory.
 *
 *     npm run bench:batch -- FOLDER MODEL [COUNT] [THREADS]
 *
 * Both take turns, a portion each, so that whatever else the machine does slows both. COUNT
 * pictures (400 unless told) are spread evenly over FOLDER; nothing comes out of a cache.
 */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { listSamples } from '../../src/dataset/list-samples';
import type { RoomSettings } from '../../src/shared/protocol/settings';
import { resolveModel } from '../../src/store/resolve-model';
import { batch } from '../../src/service/batch/batch';
import { open } from '../../src/service/batch/open';
import { WorkerClient } from '../../src/worker/client';
import { Workroom } from '../../src/service/workroom';

/** Long enough that filling and draining the threads counts as little as it does in a data set. */
const portionSize = 250;

const [folder = '', modelFile = '', count = '400', threads = '0'] = process.argv.slice(2);

async function main(): Promise<void> {
  const model = await resolveModel(modelFile, { starterFolder: '' });
  const { samples: all } = await listSamples(folder);
  const step = all.length / Math.min(all.length, Number(count));
  const samples = Array.from(
    { length: Math.min(all.length, Number(count)) },
    (_, at) => all[Math.floor(at * step)],
  ).flatMap((sample) => (sample ? [{ path: sample.path, name: sample.name }] : []));
  const cacheFolder = mkdtempSync(path.join(os.tmpdir(), 'vit-batch-bench-'));
  const settings: RoomSettings = {
    threads: Number(threads),
    provider: 'cpu',
    cacheFolder,
    sessionBytes: Infinity,
  };
  const call = { model, method: 'attention_rollout', options: {} };
  try {
    const room = new Workroom(settings);
    const ignore = (): void => undefined;
    const { modelSha256 } = await open(call, room, ignore);
    await batch({ ...call, modelSha256, samples: samples.slice(0, 4) }, room, ignore);
    const plain = await plainForward(modelFile, model.preprocessing.crop, settings.threads);

    const spent = { batch: { wall: 0, cpu: 0 }, plain: { wall: 0, cpu: 0 } };
    const memory: number[] = [];
    let done = 0;
    for (let from = 4; from < samples.length; from += portionSize) {
      const portion = samples.slice(from, from + portionSize);
      await addTime(spent.batch, () =>
        batch({ ...call, modelSha256, samples: portion }, room, ignore),
      );
      await addTime(spent.plain, () => plain(portion.length));
      done += portion.length;
      memory.push(process.memoryUsage.rss() / 2 ** 20);
    }
    await room.close();
    const line = ({ wall, cpu }: Spent) =>
      `${((1000 * done) / wall).toFixed(1)} a second, ${(cpu / done).toFixed(1)} ms of processor time each`;
    const share = (100 * spent.plain.wall) / spent.batch.wall;
    console.log(`${done} pictures, ${threads} threads, ${os.cpus()[0]?.model ?? ''}`);
    console.log(`plain forward       ${line(spent.plain)}`);
    console.log(`attention rollout   ${line(spent.batch)}, files to report lines`);
    console.log(`of the plain pace   ${share.toFixed(0)} %`);
    const early = memory[Math.floor(memory.length / 4)] ?? 0;
    console.log(
      `memory              ${early.toFixed(0)} MB after a quarter, ${memory.at(-1)?.toFixed(0) ?? ''} MB at the end`,
    );

    const client = new WorkerClient(
      path.join(__dirname, 'main.js'),
      { ...settings, idleSeconds: 0 },
      console.error,
    );
    const thumbnails = { folder: path.join(cacheFolder, 'thumbnails'), side: 160 };
    const fresh = all.slice(-8).map(({ path: file, name }) => ({ path: file, name }));
    const start = performance.now();
    let first: number | undefined;
    await client.call(
      'batch',
      { ...call, modelSha256, samples: fresh, thumbnails },
      {
        onEvent: ({ kind }) => {
          if (kind === 'sample') first ??= performance.now() - start;
        },
      },
    );
    client.dispose();
    console.log(
      `first tile          ${first?.toFixed(0) ?? ''} ms after the request, in a new process`,
    );
  } finally {
    rmSync(cacheFolder, { recursive: true });
  }
}

/** The model's file as it is, on random pixels, batch 1. @returns runs it so many times */
async function plainForward(
  file: string,
  [height, width]: readonly [number, number],
  intraOpNumThreads: number,
): Promise<(times: number) => Promise<void>> {
  const session = await InferenceSession.create(file, {
    logSeverityLevel: 3,
    ...(intraOpNumThreads > 0 ? { intraOpNumThreads } : {}),
  });
  const pixels = Float32Array.from({ length: 3 * height * width }, () => Math.random() * 2 - 1);
  const [input = ''] = session.inputNames;
  const feeds = { [input]: new Tensor('float32', pixels, [1, 3, height, width]) };
  await session.run(feeds);
  return async (times) => {
    for (let run = 0; run < times; run++) await session.run(feeds);
  };
}

type Spent = { wall: number; cpu: number };

async function addTime(spent: Spent, work: () => Promise<unknown>): Promise<void> {
  const start = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  spent.wall += performance.now() - start;
  spent.cpu += (user + system) / 1000;
}

void main();
