/** Explains one image: what the model says, and the evidence for each class asked for. */
import type { Classified, Explainer } from '../engine/explainer';
import { measureStability } from '../engine/measure/stability';
import type { Target } from '../engine/methods/seed';
import { answersAmong } from '../engine/outputs/among';
import { ranking } from '../engine/outputs/probabilities';
import { amongNotice, whyNotAmong } from '../shared/among';
import type { Stability, Targets } from '../shared/explanation';
import { noSuchClass } from '../shared/find-class';
import { defaultPreset } from '../shared/method-choice';
import { readingOf } from '../shared/picture-reading';
import type { OutputKind } from '../shared/output-kind';
import { remarkSentence } from '../shared/picture-remark';
import type { Tell } from '../shared/protocol/calls';
import type { ExplainParams, ExplainResult } from '../shared/protocol/explain';
import { reasonFor } from './best-method';
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
  readonly modelKey: string;
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

  const work: Work = { params, room, stage, explainer, modelKey, key: `${modelKey} ${inputKey}` };
  const classified = await classify(work, input);
  const { logits } = classified;
  const whyAll = params.among && whyNotAmong(kind, logits.length, params.among);
  const classes = whyAll === undefined ? params.among : undefined;
  const ranked = classes ? answersAmong(logits, kind, classes).ranked : ranking(logits, kind);
  const targets = targetsOf(params.targets, ranked, logits.length);
  // Every phrase that was asked about is answered.
  const listed = Math.max(params.listed, model.phrases?.length ?? 0);
  const unchanged = await withoutChange(work);
  const scored = { labels, kind, logitScale: model.zeroShot?.logitScale, among: classes };
  const scores = (indices: readonly number[]) =>
    scoresOf(indices, logits, scored, unchanged?.logits);
  const topK = scores(ranked.slice(0, listed));
  const told = { topK, ...(classes && { among: classes }) };
  tell({ kind: 'classified', ...told, window: input.window });
  const classifiedAt = performance.now();

  const maps = await mapsOf(work, classified, targets);
  const stability = params.stability ? await stabilityOf(work, classified, targets) : undefined;
  const explained = performance.now();
  const reading = readingOf(model.preprocessing);
  const change = image.kind === 'encoded' ? image.change : undefined;

  return {
    modelId: model.id,
    modelSha256: opened.sha256,
    method,
    preset: params.options.preset ?? defaultPreset,
    output: kind,
    grid: explainer.structure.grid,
    window: input.window,
    ...(change && { change }),
    ...(reading && { reading }),
    ...(levels && { levels }),
    ...told,
    heatmaps: maps.map(({ target, values, shape }) => ({
      ...named(target, labels),
      values,
      shape,
    })),
    scores: scores(targets.map(classOf)),
    stability,
    provider: explainer.provider,
    assumed: opened.assumed,
    notices: [
      ...opened.notices,
      ...notices,
      ...noticesOf(kind, logits.length, 'picture'),
      ...noticesAmong(kind, classes, whyAll),
      ...explainer.noticesOf({ method, options: params.options }),
      ...reasonFor(explainer, model, method),
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

/** What the model says of the picture as it is, where it is changed; known as a rule, since that came first. */
async function withoutChange(work: Work): Promise<Classified | undefined> {
  const { image, model } = work.params;
  if (image.kind !== 'encoded' || image.change === undefined) return undefined;
  const { kind, bytes, name } = image;
  const { key, input } = await work.room.inputs.prepare({ kind, bytes, name }, model.preprocessing);
  return classify({ ...work, key: `${work.modelKey} ${key}` }, input);
}

/** The maps of the targets, in their order; only those that are not remembered are made. */
async function mapsOf(
  { params: { method, options }, room, stage, explainer, key }: Work,
  classified: Classified,
  targets: readonly Target[],
): Promise<readonly KnownMap[]> {
  const keyOf = (target: Target) => JSON.stringify([key, method, options, target]);
  const maps = new Map<Target, KnownMap>();
  for (const target of targets) {
    const known = room.maps.get(keyOf(target));
    if (known) maps.set(target, known);
  }
  const missing = targets.filter((target) => !maps.has(target));
  if (missing.length > 0) {
    const many = missing.length === 1 ? '' : ` for ${missing.length} classes`;
    stage(`Tracing the evidence${many}`);
    const made = await explainer.explain(classified, method, options, missing);
    const size = made.shape[0] * made.shape[1];
    missing.forEach((target, row) => {
      const values = made.maps.slice(row * size, (row + 1) * size);
      const map = { target, values, shape: made.shape };
      maps.set(target, map);
      room.maps.set(keyOf(target), map);
    });
  }
  return targets.flatMap((target) => maps.get(target) ?? []);
}

/** Of the first map. */
async function stabilityOf(
  { params: { method, options }, explainer, stage }: Work,
  classified: Classified,
  [target]: readonly Target[],
): Promise<Stability | undefined> {
  if (target === undefined) return undefined;
  stage('Measuring how stable the map is');
  return judged(await measureStability(explainer, classified, { method, options }, target));
}

/** What to know where answers are taken among some classes, or cannot be. */
function noticesAmong(
  kind: OutputKind,
  classes: readonly number[] | undefined,
  whyAll: string | undefined,
): readonly string[] {
  const notice = classes === undefined ? whyAll : amongNotice(kind);
  return notice === undefined ? [] : [notice];
}

/**
 * @param ranked the classes that answers are taken among, the most probable first
 * @param count how many classes the model has
 * @throws Failure `class-unknown`
 */
function targetsOf(targets: Targets, ranked: readonly number[], count: number): readonly Target[] {
  if ('topK' in targets) return ranked.slice(0, targets.topK);
  for (const index of 'contrast' in targets ? targets.contrast : targets.classes)
    if (!Number.isInteger(index) || index < 0 || index >= count) throw noSuchClass(index, count);
  if ('classes' in targets) return [...new Set(targets.classes)];
  const [index, against] = targets.contrast;
  return [{ index, against }];
}

function classOf(target: Target): number {
  return typeof target === 'number' ? target : target.index;
}

/** The numbers and names of the classes that a map is about. */
function named(target: Target, labels: readonly string[]) {
  const index = classOf(target);
  const own = { index, label: labelOf(labels, index) };
  if (typeof target === 'number') return own;
  return { ...own, against: target.against, againstLabel: labelOf(labels, target.against) };
}
