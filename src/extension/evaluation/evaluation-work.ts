/** Measures all methods on the pictures of a dataset, and tells what came out so far. */
import type * as vscode from 'vscode';
import { failureData } from '../../shared/failure';
import type { EvaluationState } from '../../shared/evaluation-page/evaluation-state';
import type { PictureRecord } from '../../shared/evaluation';
import type { EvaluatedSample } from '../../shared/protocol/evaluate';
import { listener } from '../../shared/protocol/listener';
import { DatasetWork } from '../gallery/dataset-work';
import type { OpeningFact } from '../gallery/open-dataset';
import { PortionedRun } from '../gallery/portioned-run';
import { openEvaluation, type EvaluationServices, type OpenedEvaluation } from './open-evaluation';

/** Each is measured by every method. */
const portionSize = 8;

type EvaluationRun = PortionedRun<EvaluatedSample, PictureRecord>;
export type EvaluationWork = DatasetWork<OpenedEvaluation, EvaluationRun>;

export interface EvaluationListener {
  readonly state: () => EvaluationState;
  readonly tell: (parts: Partial<EvaluationState>) => void;
  /** There are more records. */
  readonly onRecord: () => void;
}

export function evaluationWork(
  sources: readonly vscode.Uri[],
  services: EvaluationServices,
  { state, tell, onRecord }: EvaluationListener,
): EvaluationWork {
  const { worker, log } = services;
  const work: EvaluationWork = new DatasetWork({
    open: (signal) => {
      const learn = ({ asked, ...known }: OpeningFact): void => {
        if (signal.aborted) return;
        const { modelId } = asked ?? {};
        const choices = { ...state().asked, ...(modelId !== undefined && { modelId }) };
        tell({ ...known, ...(asked !== undefined && { asked: choices }) });
      };
      return openEvaluation(sources, state().asked, services, learn, signal);
    },
    runOver: ({ samples, known, measured, kept }) =>
      new PortionedRun<EvaluatedSample, PictureRecord>({
        samples,
        known,
        portionSize,
        ask: async (portion, signal, add) => {
          await worker.call(
            'evaluate',
            { ...measured, samples: portion },
            {
              signal,
              onEvent: listener({ stage: () => undefined, picture: ({ record }) => add(record) }),
            },
          );
          if (Object.keys(state().costs).length === 0 && !signal.aborted)
            await measureCosts(portion, signal);
        },
        died: ({ name }, message) => ({ ok: false, name, code: 'worker-died', message }),
        onResult: (record) => {
          kept.add(record);
          if (work.stopped) return;
          tell({ progress: work.progress });
          onRecord();
        },
      }),
    tellProgress: (progress) => tell({ progress }),
  });

  /** Only a column of the table: the comparison goes on without it. */
  const measureCosts = async (
    [sample]: readonly EvaluatedSample[],
    signal: AbortSignal,
  ): Promise<void> => {
    const { measured } = work.opened ?? {};
    if (sample === undefined || measured === undefined) return;
    const { model, options } = measured;
    try {
      const asked = { model, options, methods: sample.methods, path: sample.path };
      const { costs } = await worker.call('costs', asked, { signal });
      if (!work.stopped) tell({ costs });
    } catch (error) {
      const { code, message } = failureData(error);
      if (code === 'cancelled' || code === 'worker-died') throw error;
      log.warn(`What the methods cost could not be measured: ${message}`);
    }
  };
  return work;
}
