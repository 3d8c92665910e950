/**
 * Entry of a picture thread: pictures to model inputs or, where it is given a model, to what the
 * model makes of them. One job after another: a picture that is decoded while the model runs takes the
 * core and the caches from it.
 */
import '../without-telemetry';
import { parentPort, workerData } from 'node:worker_threads';
import type { PictureAnswer, PictureJob, ThreadModel, ToThread } from './picture-job';
import { preparePicture } from './prepare-picture';
import { failureDataOf } from '../failure-data-of';
import type { ImageSession } from '../../engine/image-program';

/** The engine is loaded only where a model runs. */
async function openSession({ program, threads }: ThreadModel): Promise<ImageSession> {
  const { ImageSession } = await import('../../engine/image-program');
  return ImageSession.open(program, threads);
}

const model = workerData as ThreadModel | undefined;
const session = model && openSession(model);
// Told with every answer.
session?.catch(() => undefined);

let answered: Promise<unknown> = Promise.resolve();

parentPort?.on('message', (job: ToThread) => {
  answered = answered.then(() => (job === undefined ? end() : answer(job)));
});

async function answer(job: PictureJob): Promise<void> {
  const reply = await take(job);
  const moved = reply.ok ? reply.seen.values.map(({ data }) => data.buffer) : [];
  parentPort?.postMessage(reply, moved);
}

async function take(job: PictureJob): Promise<PictureAnswer> {
  let fault: 'picture' | 'model' = 'picture';
  try {
    const seen = await preparePicture(job);
    fault = 'model';
    const [pixels] = seen.values;
    if (session === undefined || pixels === undefined) return { ok: true, seen };
    return { ok: true, seen: { ...seen, values: await (await session).run(pixels.data) } };
  } catch (thrown) {
    const failure = failureDataOf(thrown);
    // Other pictures may fare better.
    return { ok: false, fault: failure.code === 'not-finite' ? 'picture' : fault, failure };
  }
}

/** Terminating a thread in the middle of a run would end the process, so it ends by itself. */
async function end(): Promise<void> {
  await (await session?.catch(() => undefined))?.release();
  parentPort?.close();
}
