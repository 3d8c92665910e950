import { EngineError } from '../engine-error';
import { classificationReport, type ClassificationReport } from './classification-report';
import { takeRows, type LabelledFeatures } from './labelled-features';
import { seededRandom, shuffled } from '../../shared/random';
import { logitsOf, softmaxRegression, type LinearHead } from './softmax-regression';
import { standardisationOf, standardise, type Standardisation } from './standardisation';
import { stratifiedSplit, type Split } from './stratified-split';

/** Penalties tried, strong to weak: each start warm from the last. */
const penalties = [1, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5];
/** Shares of the training rows whose accuracy makes the learning curve. */
const curveShares = [0.1, 0.25, 0.5];

export interface ProbeOptions {
  readonly seed: number;
  /** Share of every class held out to choose the penalty and to measure. */
  readonly validationShare: number;
  readonly threads: number;
  /** Names by class index, for messages. */
  readonly classNames: readonly string[];
  /** A split that the dataset itself gives; otherwise one is drawn. */
  readonly split?: Split;
  readonly signal?: AbortSignal;
  readonly onStage?: (phrase: string) => void;
}

export interface Probe {
  readonly standardisation: Standardisation;
  readonly head: LinearHead;
  readonly penalty: number;
  readonly split: Split;
  /** On the validation rows. */
  readonly report: ClassificationReport;
  /** Logits of the validation rows, `[rows, classes]`, in the order of `split.validation`. */
  readonly validationLogits: Float32Array;
  readonly trainingLoss: number;
  /** Validation top-1 by the number of training rows used. */
  readonly learningCurve: readonly { readonly rows: number; readonly top1: number }[];
}

/**
 * A linear probe: features standardised by the training rows, multinomial logistic regression with
 * the L2 penalty that does best on the validation rows (top-1, then loss).
 *
 * @throws EngineError `dataset-unusable` for fewer than two classes, or a class with too few rows
 * to be on both sides of the split (with a split of the dataset's own: with none to train on).
 */
export async function trainProbe(data: LabelledFeatures, options: ProbeOptions): Promise<Probe> {
  checkClasses(data.labels, options);
  const split =
    options.split ?? stratifiedSplit(data.labels, options.validationShare, options.seed);
  const rawTrain = takeRows(data, split.train);
  const standardisation = standardisationOf(rawTrain.features, data.dim);
  const train = { ...rawTrain, features: standardise(rawTrain.features, standardisation) };
  const rawValidation = takeRows(data, split.validation);
  const validation = {
    ...rawValidation,
    features: standardise(rawValidation.features, standardisation),
  };

  const fit = async (rows: LabelledFeatures, penalty: number, start: LinearHead | undefined) => {
    const { head, minimum } = await softmaxRegression(rows, {
      penalty,
      threads: options.threads,
      ...(start === undefined ? {} : { start }),
      onStep: () => options.signal?.throwIfAborted(),
    });
    const logits = await logitsOf(validation.features, head, options.threads);
    const report = classificationReport(logits, validation.labels, data.classes);
    return { head, penalty, logits, report, trainingLoss: minimum.value };
  };

  let best: Awaited<ReturnType<typeof fit>> | undefined;
  let start: LinearHead | undefined;
  for (const penalty of penalties) {
    options.onStage?.(`Training with penalty ${String(penalty)}`);
    const found = await fit(train, penalty, start);
    start = found.head;
    if (best === undefined || isBetter(found.report, best.report)) best = found;
  }
  if (best === undefined) throw new Error('No penalty was tried.');

  const learningCurve: { rows: number; top1: number }[] = [];
  const order = shuffled(train.labels.length, seededRandom(options.seed));
  for (const share of curveShares) {
    const rows = order.slice(0, Math.round(train.labels.length * share)).sort();
    if (rows.length < 2) continue;
    options.onStage?.(`Learning curve: ${String(rows.length)} pictures`);
    const { report } = await fit(takeRows(train, rows), best.penalty, undefined);
    learningCurve.push({ rows: rows.length, top1: report.top1 });
  }
  learningCurve.push({ rows: train.labels.length, top1: best.report.top1 });

  return {
    standardisation,
    head: best.head,
    penalty: best.penalty,
    split,
    report: best.report,
    validationLogits: best.logits,
    trainingLoss: best.trainingLoss,
    learningCurve,
  };
}

function isBetter(found: ClassificationReport, best: ClassificationReport): boolean {
  return found.top1 > best.top1 || (found.top1 === best.top1 && found.loss < best.loss);
}

/**
 * Whether a probe can be trained on rows of these classes at all.
 *
 * @throws EngineError `dataset-unusable`, naming the class
 */
export function checkClasses(
  labels: Int32Array,
  { classNames, split }: Pick<ProbeOptions, 'classNames' | 'split'>,
): void {
  const counted = split === undefined ? labels : split.train.map((row) => labels[row] ?? 0);
  const counts = classNames.map(() => 0);
  counted.forEach((label) => (counts[label] = (counts[label] ?? 0) + 1));
  if (new Set(labels).size < 2) {
    throw new EngineError(
      'dataset-unusable',
      labels.length === 0
        ? 'There is no readable picture with a label.'
        : `All pictures carry the same label, “${classNames[labels[0] ?? 0] ?? ''}”: there is nothing to tell apart.`,
      'Choose a folder with at least two class folders, each with two pictures or more.',
    );
  }
  if (split?.validation.length === 0) {
    throw new EngineError(
      'dataset-unusable',
      'The dataset has a part for validation, but no readable picture in it.',
      'Put pictures into it, or leave it out: then a part of each class is held out.',
    );
  }
  const needed = split === undefined ? 2 : 1;
  const short = counts.findIndex((count) => count < needed);
  if (short >= 0) {
    const name = classNames[short] ?? String(short);
    const count = counts[short] ?? 0;
    throw new EngineError(
      'dataset-unusable',
      split === undefined
        ? `The class “${name}” has ${count === 1 ? 'only one readable picture' : 'no readable picture'}: one is needed to train on and another one to measure with.`
        : `The class “${name}” has no readable picture to train on.`,
      'Add pictures to that class, or take it out of the dataset.',
    );
  }
}
