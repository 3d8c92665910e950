/** From a dataset that is open to what is measured of which pictures. */
import path from 'node:path';
import type * as vscode from 'vscode';
import { drawEvenly } from '../../dataset/draw-evenly';
import type {
  ComparedMethods,
  EvaluationChoices,
} from '../../shared/evaluation-page/evaluation-state';
import type { EvaluationHeader, PictureRecord } from '../../shared/evaluation';
import { Failure } from '../../shared/failure';
import { defaultMeasuring } from '../../shared/faithfulness';
import { bestForModel } from '../../shared/method-choice';
import type { EvaluatedSample, MeasuredModel } from '../../shared/protocol/evaluate';
import { seededRandom, shuffled } from '../../shared/random';
import {
  openDataset,
  type DatasetServices,
  type OpenedDataset,
  type OpeningFact,
} from '../gallery/open-dataset';
import { explainSettings } from '../settings';
import { KeptRecords, recordsFile } from './kept-records';
import { keeperOf } from './use-method';

export interface EvaluationServices extends DatasetServices {
  /** Where what is measured is kept. */
  readonly workFolder: string;
  readonly log: vscode.LogOutputChannel;
}

export interface OpenedEvaluation {
  readonly dataset: OpenedDataset;
  readonly header: EvaluationHeader;
  readonly compared: ComparedMethods;
  readonly measured: MeasuredModel;
  /** In the order in which they are measured. */
  readonly samples: readonly EvaluatedSample[];
  /** What is known of some of them already. */
  readonly known: readonly PictureRecord[];
  readonly kept: KeptRecords;
}

/** The pictures are the same ones every time, and in the same order. */
const seed = 13;

/**
 * @param tell takes what is known on the way
 * @throws Failure as `openDataset`, and where no phrases are there to compare the pictures with
 */
export async function openEvaluation(
  sources: readonly vscode.Uri[],
  { pictures, ...choices }: EvaluationChoices,
  services: EvaluationServices,
  tell: (known: OpeningFact) => void,
  signal: AbortSignal,
): Promise<OpenedEvaluation> {
  const [first] = sources;
  if (first === undefined) throw new RangeError('a comparison on nothing');
  const dataset = await openDataset(sources, choices, services, tell, signal);
  if (dataset === 'awaiting phrases') throw withoutPhrases();
  const { batch, params, list } = dataset;
  const { model, options, modelSha256 } = params;
  tell({ progress: { kind: 'opening', phrase: 'Looking which methods apply' } });
  const [methods, { methods: availability }, best] = await Promise.all([
    services.worker.methods(),
    services.worker.call('inspect', { model }, { signal }),
    services.worker.call('bestMethod', { model }, { signal }),
  ]);
  const applying = methods.filter(({ id }) =>
    availability.some((one) => one.id === id && one.reason === undefined),
  );
  const { header: whole } = await batch.whole();
  const drawn = await drawEvenly(batch, pictures, signal);
  const { dataset: name, model: named, preprocessing, output, classes, skipped } = whole;
  const header: EvaluationHeader = {
    format: 'vit-explainer-evaluation',
    version: 1,
    dataset: name,
    available: whole.samples,
    samples: drawn.length,
    model: named,
    preprocessing,
    output,
    options: whole.options,
    evaluated: 'answer',
    measuring: defaultMeasuring,
    classes,
    skipped,
  };
  // Whatever is done by then, it is of all folders.
  const order = shuffled(drawn.length, seededRandom(seed));
  const samples = [...order].flatMap((place): EvaluatedSample[] => {
    const sample = drawn[place];
    if (sample === undefined) return [];
    const { path: file, name: key, label, truth } = sample;
    return [
      {
        path: file,
        name: key,
        ...(label !== undefined && { label }),
        ...(truth !== undefined && { truth }),
        methods: applying.map(({ id }) => id),
      },
    ];
  });
  const kept = new KeptRecords(
    recordsFile(services.workFolder, path.resolve(list.root), header),
    header,
    (reason) => services.log.warn(`The measured figures are not kept: ${String(reason)}`),
  );
  tell({ progress: { kind: 'opening', phrase: 'Looking what is measured already' } });
  const known = await kept.read(samples);
  signal.throwIfAborted();
  const settings = explainSettings(first);
  return {
    dataset,
    header,
    compared: {
      methods: applying,
      drawn: samples.length,
      methodInUse: settings.method === bestForModel ? best.method : settings.method,
      keptIn: keeperOf(model),
    },
    measured: { model, options, modelSha256, evaluated: 'answer', measuring: defaultMeasuring },
    samples,
    known,
    kept,
  };
}

/** A model that compares phrases, on folders whose names give none. */
export function withoutPhrases(): Failure {
  return new Failure(
    'dataset-unusable',
    'The model compares pictures with phrases, and the folders’ names give fewer than two.',
    'Put the pictures into folders that are named by what they show, or choose another model.',
  );
}
