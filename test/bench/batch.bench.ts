/**
 * A dataset through the batch, method by method, against the plain forward run of the model's own
 * file: pictures per second, memory, time to the first tile.
 *
 *     npm run bench:batch -- [--method a,b] [--model vit-ti|vit-b|FILE] [--photos FOLDER]
 *                            [--count 200] [--threads N]
 *
 * _Plain_ takes the same photographs from the same files through as many threads of the same kind,
 * decoding included; only that its sessions run the file as ONNX Runtime optimises it. Both take
 * turns, a portion each, so that whatever else the machine does slows both. COUNT pictures are spread
 * evenly over FOLDER, or else made of the sample photographs; nothing comes out of a cache.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { listSamples } from '../../src/dataset/list-samples';
import { packMap } from '../../src/dataset/pack-map';
import { canonicalise } from '../../src/engine/onnx/canonicalise';
import { findStructure } from '../../src/engine/vit/find-structure';
import { BatchRun } from '../../src/service/batch/batch-run';
import { batch } from '../../src/service/batch/batch';
import type { ExplainPicture } from '../../src/service/batch/explain-picture';
import { open } from '../../src/service/batch/open';
import { PicturePool } from '../../src/service/batch/picture-pool';
import { sessionsAtOnce } from '../../src/service/batch/sessions-at-once';
import { Workroom } from '../../src/service/workroom';
import type { ModelDescription } from '../../src/shared/model';
import type { BatchSample } from '../../src/shared/protocol/dataset';
import type { RoomSettings } from '../../src/shared/protocol/settings';
import { resolveModel } from '../../src/store/resolve-model';
import { WorkerClient } from '../../src/worker/client';
import { writePhotos } from './photos';
import { plainProgram } from './plain-program';
import { products } from './products';
import { spent, type Spent } from './spent';
import { vitSizes, writeVit } from './vit-of-size';

/** So long that filling and draining the threads hardly counts, so short that both meet the same weather. */
const portionSize = 50;

const { values: options } = parseArgs({
  options: {
    method: { type: 'string', default: 'libra_fullgrad' },
    model: { type: 'string', default: 'vit-ti' },
    photos: { type: 'string' },
    count: { type: 'string', default: '200' },
    threads: { type: 'string', default: String(os.availableParallelism()) },
  },
});
const threads = Number(options.threads);
const ignore = (): void => undefined;

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'vit-batch-bench-'));
  try {
    const model = await resolveModel(modelFile(folder), { starterFolder: 'models/starter' });
    const settings: RoomSettings = {
      threads,
      provider: 'cpu',
      cacheFolder: path.join(folder, 'cache'),
      sessionBytes: Infinity,
    };
    const samples = await pictures(folder, Number(options.count));
    const { cacheFolder } = settings;
    const { graph } = await canonicalise(model.path, { cacheFolder });
    const work = products({ graph, structure: findStructure(graph) });
    console.log(`${samples.length} pictures, ${threads} threads, ${os.cpus()[0]?.model ?? ''}\n`);
    console.log(
      '| method | plain, pictures a second | with the map | of the plain pace | by processor time | by operations | memory after a quarter and at the end, MB |',
    );
    console.log('| --- | --- | --- | --- | --- | --- | --- |');
    for (const method of options.method.split(',')) {
      const { count, plain, ours, memory } = await paces(model, method, samples, settings, folder);
      const pace = ({ wall }: Spent) => ((1000 * count) / wall).toFixed(1);
      const floor = work.forward / (work.forward + work.of(method, 1));
      const early = memory[Math.floor(memory.length / 4)] ?? 0;
      const figures = [
        `\`${method}\``,
        pace(plain),
        pace(ours),
        (plain.wall / ours.wall).toFixed(2),
        (plain.cpu / ours.cpu).toFixed(2),
        floor.toFixed(2),
        `${early.toFixed(0)} / ${(memory.at(-1) ?? 0).toFixed(0)}`,
      ];
      console.log(`| ${figures.join(' | ')} |`);
    }
    const [method = ''] = options.method.split(',');
    const first = await firstTile(model, method, samples.slice(-8), settings);
    console.log(`\nfirst tile ${first.toFixed(0)} ms after the request, in a new process`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** By the names of `--model`. */
const made = { 'vit-ti': vitSizes.ti16, 'vit-b': vitSizes['b16-224'] } as const;

function modelFile(folder: string): string {
  const { model } = options;
  if (!(model in made)) return model;
  const file = path.join(folder, `${model}.onnx`);
  writeVit(file, made[model as keyof typeof made]);
  return file;
}

async function pictures(folder: string, count: number): Promise<BatchSample[]> {
  if (options.photos === undefined) return writePhotos(folder, count);
  const { samples } = await listSamples(options.photos);
  const step = Math.max(1, samples.length / count);
  return samples
    .filter((_, at) => Math.floor(at / step) > Math.floor((at - 1) / step))
    .map(({ path: file, name }) => ({ path: file, name }));
}

async function paces(
  model: ModelDescription,
  method: string,
  samples: readonly BatchSample[],
  settings: RoomSettings,
  folder: string,
) {
  const room = new Workroom(settings);
  const call = { model, method, options: {} };
  const { modelSha256 } = await open(call, room, ignore);
  const ours = (portion: readonly BatchSample[]) =>
    batch({ ...call, modelSha256, samples: [...portion] }, room, ignore);
  const { crop } = model.preprocessing;
  const program = await plainProgram(model.path, [1, 3, ...crop], folder);
  const sessions = sessionsAtOnce(threads, program.bytes);
  const pool = new PicturePool(sessions.count, { program, threads: sessions.threads });
  const plain = async (portion: readonly BatchSample[]) => {
    const params = { ...call, modelSha256, samples: [...portion] };
    const run = new BatchRun(params, pool, onlyLogits, undefined, 'softmax');
    for await (const result of run.results()) if (!result.ok) throw new Error(result.message);
  };
  const warming = samples.slice(0, 2 * threads);
  await plain(warming);
  await ours(warming);
  const total = { plain: { wall: 0, cpu: 0 }, ours: { wall: 0, cpu: 0 } };
  const memory: number[] = [];
  for (let from = warming.length; from < samples.length; from += portionSize) {
    const portion = samples.slice(from, from + portionSize);
    add(total.plain, await spent(() => plain(portion)));
    add(total.ours, await spent(() => ours(portion)));
    memory.push(process.memoryUsage.rss() / 2 ** 20);
  }
  await pool.close();
  await room.close();
  return { ...total, count: samples.length - warming.length, memory };
}

const onlyLogits: ExplainPicture = ({ values: [logits], window, remarks }) =>
  Promise.resolve({
    logits: logits?.data ?? new Float32Array(),
    map: packMap(new Float32Array(1), 1, 1),
    window,
    remarks,
  });

function add(total: { wall: number; cpu: number }, { wall, cpu }: Spent): void {
  total.wall += wall;
  total.cpu += cpu;
}

async function firstTile(
  model: ModelDescription,
  method: string,
  samples: readonly BatchSample[],
  settings: RoomSettings,
): Promise<number> {
  const room = new Workroom(settings);
  const call = { model, method, options: {} };
  const { modelSha256 } = await open(call, room, ignore);
  await room.close();
  const cacheFolder = path.join(settings.cacheFolder, 'results');
  rmSync(cacheFolder, { recursive: true, force: true });
  const client = new WorkerClient(
    path.join(__dirname, 'main.js'),
    { ...settings, idleSeconds: 0 },
    console.error,
  );
  const thumbnails = { folder: path.join(settings.cacheFolder, 'thumbnails'), side: 160 };
  const start = performance.now();
  let first: number | undefined;
  await client.call(
    'batch',
    { ...call, modelSha256, samples: [...samples], thumbnails },
    {
      onEvent: ({ kind }) => {
        if (kind === 'sample') first ??= performance.now() - start;
      },
    },
  );
  client.dispose();
  return first ?? NaN;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
