/** Measures all methods on the pictures of a dataset, and tells what came out so far. */
import type * as vscode from 'vscode';
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

type EvaluationRun = PortionedRun<EvaluatedSample, PictureRecord, PictureRecord[]>;
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
      new PortionedRun<EvaluatedSample, PictureRecord, PictureRecord[]>({
        samples,
        total: () => ({ total: samples.length, isAll: true }),
        results: [...known],
        known: new Set(known.map(({ name }) => name)),
        portionSize,
        ask: (portion, signal, add) =>
          services.worker.call(
            'evaluate',
            { ...measured, samples: portion },
            {
              signal,
              onEvent: listener({ stage: () => undefined, picture: ({ record }) => add(record) }),
            },
          ),
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
  return work;
}
