/**
 * Entry of a picture thread: pictures to model inputs or, where it is given a model, to what the
 * model makes of them. One job after another; the next picture is decoded while the model runs.
 */
import './without-telemetry';
import { parentPort, workerData } from 'node:worker_threads';
import { failureData } from '../shared/failure';
import type { PictureAnswer, SeenPicture, ThreadModel, ToThread } from './batch/picture-job';
import { preparePicture } from './batch/prepare-picture';
import { failureOf } from './failure-of';
import type { ImageSession } from '../engine/image-program';

/** The engine is loaded only where a model runs. */
async function openSession({ program, threads }: ThreadModel): Promise<ImageSession> {
  const { ImageSession } = await import('../engine/image-program');
  return ImageSession.open(program, threads);
}

const model = workerData as ThreadModel | undefined;
const session = model && openSession(model);
// Told with every answer.
session?.catch(() => undefined);

let prepared: Promise<unknown> = Promise.resolve();
let answered: Promise<unknown> = Promise.resolve();

parentPort?.on('message', (job: ToThread) => {
  if (job === undefined) {
    answered = answered.then(end);
    return;
  }
  // One by one, so that no more than one picture is unpacked at a time.
  const input = prepared.then(() => preparePicture(job));
  prepared = input.catch(() => undefined);
  answered = Promise.all([input.catch(asFailure('picture')), answered]).then(([one]) =>
    answer(one),
  );
});

async function answer(input: SeenPicture | PictureAnswer): Promise<void> {
  const reply = 'ok' in input ? input : await run(input).catch(asFailure('model'));
  const moved = reply.ok ? reply.seen.values.map(({ data }) => data.buffer) : [];
  parentPort?.postMessage(reply, moved);
}

async function run({ values, window }: SeenPicture): Promise<PictureAnswer> {
  const [pixels] = values;
  if (session === undefined || pixels === undefined) return { ok: true, seen: { values, window } };
  return { ok: true, seen: { values: await (await session).run(pixels.data), window } };
}

function asFailure(fault: 'picture' | 'model'): (thrown: unknown) => PictureAnswer {
  return (thrown) => ({ ok: false, fault, failure: failureData(failureOf(thrown)) });
}

/** Terminating a thread in the middle of a run would end the process, so it ends by itself. */
async function end(): Promise<void> {
  await (await session?.catch(() => undefined))?.release();
  parentPort?.close();
}
