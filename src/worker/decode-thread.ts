/** Entry of a decoding thread: pictures to model inputs, one job after another. No model runs here. */
import { parentPort } from 'node:worker_threads';
import { failureData } from '../shared/failure';
import type { DecodeAnswer, DecodeJob } from './batch/decode-job';
import { decodePicture } from './batch/decode-picture';

/** Jobs are answered in the order in which they came. */
let last = Promise.resolve();

parentPort?.on('message', (job: DecodeJob) => {
  last = last.then(() => answer(job));
});

async function answer(job: DecodeJob): Promise<void> {
  const reply = await decoded(job);
  parentPort?.postMessage(reply, reply.ok ? [reply.input.values.buffer] : []);
}

async function decoded(job: DecodeJob): Promise<DecodeAnswer> {
  try {
    return { ok: true, input: await decodePicture(job) };
  } catch (thrown) {
    return { ok: false, failure: failureData(thrown) };
  }
}
