/** Threads that measure pictures, each with a model of its own. */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { failureFrom } from '../../shared/failure';
import type { FailureData } from '../../shared/failure-data';
import type { PictureRecord } from '../../shared/evaluation';
import type { EvaluatedSample, MeasuredModel } from '../../shared/protocol/evaluate';
import type { RoomSettings } from '../../shared/protocol/settings';
import type { EvaluationPlan } from './evaluation-plan';

/** What a thread is started with. */
export interface EvaluationThreadData {
  readonly measured: MeasuredModel;
  readonly settings: RoomSettings;
  readonly keptMethods: number;
}

/** Undefined ends the thread, after the sample before it. */
export type ToEvaluationThread = EvaluatedSample | undefined;

export type FromEvaluationThread =
  | { readonly ok: true; readonly record: PictureRecord }
  /** No picture can be measured. */
  | { readonly ok: false; readonly failure: FailureData };

export class EvaluationThreads {
  private readonly workers: readonly Worker[];

  constructor(
    { threads, keptMethods }: EvaluationPlan,
    { measured, settings }: Omit<EvaluationThreadData, 'keptMethods'>,
  ) {
    const workerData: EvaluationThreadData = {
      measured,
      settings: { ...settings, threads: 1 },
      keptMethods,
    };
    // The bundle lies beside the one that runs.
    const file = path.join(__dirname, 'evaluation-thread.js');
    this.workers = Array.from({ length: threads }, () => new Worker(file, { workerData }));
  }

  /** @throws Failure when no picture can be measured; the first that any thread meets */
  async run(
    samples: readonly EvaluatedSample[],
    onRecord: (record: PictureRecord) => void,
  ): Promise<void> {
    const waiting = [...samples];
    await Promise.all(
      this.workers.map(async (worker) => {
        for (let sample = waiting.shift(); sample !== undefined; sample = waiting.shift()) {
          try {
            onRecord(await measuredBy(worker, sample));
          } catch (thrown) {
            waiting.length = 0;
            throw thrown;
          }
        }
      }),
    );
  }

  /** Terminating a thread in the middle of a run would end the process, so each ends by itself. */
  async end(): Promise<void> {
    await Promise.all(
      this.workers.map((worker) => {
        const ended = new Promise((resolve) => worker.once('exit', resolve));
        worker.postMessage(undefined satisfies ToEvaluationThread);
        return ended;
      }),
    );
  }
}

function measuredBy(worker: Worker, sample: EvaluatedSample): Promise<PictureRecord> {
  return new Promise((resolve, reject) => {
    const onMessage = (answer: FromEvaluationThread) => {
      worker.off('error', onError);
      if (answer.ok) resolve(answer.record);
      else reject(failureFrom(answer.failure));
    };
    const onError = (cause: Error) => {
      worker.off('message', onMessage);
      reject(cause);
    };
    worker.once('message', onMessage);
    worker.once('error', onError);
    worker.postMessage(sample satisfies ToEvaluationThread);
  });
}
