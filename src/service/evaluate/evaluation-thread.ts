/** Entry of a thread that measures pictures, one after another, with a model of its own. */
import '../without-telemetry';
import { parentPort, workerData } from 'node:worker_threads';
import { openForDataset } from '../batch/open-for-dataset';
import { failureDataOf } from '../failure-data-of';
import { Workroom } from '../workroom';
import { evaluatePicture } from './evaluate-picture';
import type {
  EvaluationThreadData,
  FromEvaluationThread,
  ToEvaluationThread,
} from './evaluation-threads';

const { measured, settings, keptMethods } = workerData as EvaluationThreadData;
const room = new Workroom(settings);
const opened = openForDataset(measured.model, room, () => undefined);
// Told with every answer.
opened.catch(() => undefined);

parentPort?.on('message', (sample: ToEvaluationThread) => {
  void (sample === undefined ? end() : answer(sample));
});

async function answer(sample: NonNullable<ToEvaluationThread>): Promise<void> {
  parentPort?.postMessage(await measure(sample));
}

async function measure(sample: NonNullable<ToEvaluationThread>): Promise<FromEvaluationThread> {
  try {
    const { explainer } = await opened;
    explainer.keepMethods(keptMethods);
    return { ok: true, record: await evaluatePicture(sample, measured, explainer, room) };
  } catch (thrown) {
    return { ok: false, failure: failureDataOf(thrown) };
  }
}

async function end(): Promise<void> {
  const model = await opened.catch(() => undefined);
  await model?.explainer.release();
  parentPort?.close();
}
