/** Explains one image: what the model says, and the evidence for each class asked for. */
import type { Classified, Explainer } from '../engine/explainer';
import { measureStability } from '../engine/measure/stability';
import { ranking } from '../engine/outputs/probabilities';
import type { Stability, Targets } from '../shared/explanation';
import { Failure } from '../shared/failure';
import { defaultPreset } from '../shared/method-choice';
import { readingOf } from '../shared/picture-reading';
import { remarkSentence } from '../shared/picture-remark';
import type { Tell } from '../shared/protocol/calls';
import type { ExplainParams, ExplainResult } from '../shared/protocol/explain';
import { judged } from './judge-stability';
import { checkPhrases, labelOf, labelsFor } from './models/class-names';
import type { ModelInput } from './pictures/preprocess';
import { noticesOf, scoresOf } from './scores';
import { stagesTo } from './stages';
import type { KnownMap, Workroom } from './workroom';

/** What the steps of one call share. */
interface Work {
  readonly params: ExplainParams;
  readonly room: Workroom;
  readonly stage: (phrase: string) => void;
  readonly explainer: Explainer;
  /** Tells this model with this input from every other pair. */
  readonly key: string;
}

/**
 * @param tell receives a `stage` for each step, and `classified` as soon as the logits are there
 * @throws Failure, EngineError
 */
export async function explain(
  params: ExplainParams,
  room: Workroom,
  tell: Tell<'explain'>,
): Promise<ExplainResult> {
  const { image, model, method } = params;
  checkPhrases(model);
  const stage = stagesTo(tell);
  const start = performance.now();
  const {
    key: inputKey,
    input,
    remarks = [],
    levels,
  } = await room.inputs.prepare(image, model.preprocessing);
  const decoded = performance.now();

  const size = [input.shape[2], input.shape[3]] as const;
  const { key: modelKey, explainer, ...opened } = await room.models.open(model, size, stage);
  const { labels, notices } = labelsFor(model, explainer);
  const { kind } = explainer.output;
  const openedAt = performance.now();

  const work: Work = { params, room, stage, explainer, key: `${modelKey} ${inputKey}` };
  const classified = await classify(work, input);
  const { logits } = classified;
  const ranked = ranking(logits, kind);
  const classes = targetClasses(params.targets, ranked);
  const scale = model.zeroShot?.logitScale;
  // Every phrase that was asked about is answered.
  const listed = Math.max(params.listed, model.phrases?.length ?? 0);
  const topK = scoresOf(ranked.slice(0, listed), logits, labels, kind, scale);
  tell({ kind: 'classified', topK, window: input.window });
  const classifiedAt = performance.now();

  const maps = await mapsOf(work, classified, classes);
  const stability = params.stability ? await stabilityOf(work, classified, classes) : undefined;
  const explained = performance.now();
  const reading = readingOf(model.preprocessing);

  return {
    modelId: model.id,
    modelSha256: opened.sha256,
    method,
    preset: params.options.preset ?? defaultPreset,
    output: kind,
    grid: explainer.structure.grid,
    window: input.window,
    ...(reading && { reading }),
    ...(levels && { levels }),
    topK,
    heatmaps: maps.map(({ index, values, shape }) => ({
      index,
      label: labelOf(labels, index),
      values,
      shape,
    })),
    scores: scoresOf(classes, logits, labels, kind, scale),
    stability,
    provider: explainer.provider,
    assumed: opened.assumed,
    notices: [
      ...opened.notices,
      ...notices,
      ...noticesOf(kind, logits.length, 'picture'),
      ...explainer.noticesOf({ method, options: params.options }),
    ],
    remarks: remarks.map((remark) => remarkSentence(image.name, remark)),
    milliseconds: {
      decode: decoded - start,
      open: openedAt - decoded,
      forward: classifiedAt - openedAt,
      explain: explained - classifiedAt,
      total: explained - start,
    },
  };
}

async function classify({ params, room, key, explainer, stage }: Work, input: ModelInput) {
  const { method, options, toCome = [] } = params;
  const known = room.classified.get(key);
  if (known && toCome.length === 0) return known;
  stage('Running the model');
  // Told what comes next, the same forward pass keeps what the methods need.
  const next = [method, ...toCome].map((one) => ({ method: one, options }));
  const classified = await explainer.classify(input.values, ...next);
  room.classified.set(key, classified);
  return classified;
}

/** The maps of the classes, in their order; only those that are not remembered are made. */
async function mapsOf(
  { params: { method, options }, room, stage, explainer, key }: Work,
  classified: Classified,
  classes: readonly number[],
): Promise<readonly KnownMap[]> {
  const keyOf = (index: number) => JSON.stringify([key, method, options, index]);
  const maps = new Map<number, KnownMap>();
  for (const index of classes) {
    const known = room.maps.get(keyOf(index));
    if (known) maps.set(index, known);
  }
  const missing = classes.filter((index) => !maps.has(index));
  if (missing.length > 0) {
    const many = missing.length === 1 ? '' : ` for ${missing.length} classes`;
    stage(`Tracing the evidence${many}`);
    const made = await explainer.explain(classified, method, options, missing);
    const size = made.shape[0] * made.shape[1];
    missing.forEach((index, row) => {
      const values = made.maps.slice(row * size, (row + 1) * size);
      const map = { index, values, shape: made.shape };
      maps.set(index, map);
      room.maps.set(keyOf(index), map);
    });
  }
  return classes.flatMap((index) => maps.get(index) ?? []);
}

/** Of the first class's map. */
async function stabilityOf(
  { params: { method, options }, explainer, stage }: Work,
  classified: Classified,
  [index]: readonly number[],
): Promise<Stability | undefined> {
  if (index === undefined) return undefined;
  stage('Measuring how stable the map is');
  return judged(await measureStability(explainer, classified, { method, options }, index));
}

/**
 * @param ranked all classes, the most probable first
 * @throws Failure `class-unknown`
 */
function targetClasses(targets: Targets, ranked: readonly number[]): readonly number[] {
  if ('topK' in targets) return ranked.slice(0, targets.topK);
  for (const index of targets.classes) {
    if (!Number.isInteger(index) || index < 0 || index >= ranked.length) {
      throw new Failure(
        'class-unknown',
        `There is no class ${index}: the model has ${ranked.length}, numbered from 0.`,
        `Choose a number from 0 to ${ranked.length - 1}.`,
      );
    }
  }
  return [...new Set(targets.classes)];
}
