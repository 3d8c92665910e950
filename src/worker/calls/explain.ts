/** Explains one image: what the model says, and the evidence for each class asked for. */
import type { Classified, Explainer } from '../../engine/explainer';
import type { Heatmap, Stability, Targets } from '../../shared/explanation';
import { Failure } from '../../shared/failure';
import type { ModelDescription } from '../../shared/model';
import type { ExplainParams, ExplainResult, WorkerEvent } from '../../shared/worker-protocol';
import type { ModelInput } from '../image/preprocess';
import { judged } from '../judge-stability';
import { labelOf, ranking, scoresOf } from '../scores';
import type { KnownMap, Workroom } from '../workroom';

/**
 * @param tell receives a `stage` for each step, and `classified` as soon as the logits are there
 * @throws Failure, EngineError
 */
export async function explain(
  params: ExplainParams,
  room: Workroom,
  tell: (event: WorkerEvent) => void,
): Promise<ExplainResult> {
  const { image, model, method, options, stability } = params;
  const stage = (phrase: string) => {
    tell({ kind: 'stage', phrase });
  };
  const start = performance.now();
  const { key: inputKey, input } = await room.inputs.prepare(image, model.preprocessing);
  const decoded = performance.now();

  const { key: modelKey, explainer } = await room.models.open(model, sizeOf(input), stage);
  const { labels, notices } = labelsFor(model, explainer);
  const opened = performance.now();

  const key = `${modelKey} ${inputKey}`;
  const classified = await classify(key, explainer, input, room, stage);
  const { logits } = classified;
  const ranked = ranking(logits);
  const classes = targetClasses(params.targets, ranked);
  const topK = scoresOf(ranked.slice(0, params.listed), logits, labels);
  tell({ kind: 'classified', topK, window: input.window });
  const classifiedAt = performance.now();

  const keyOf = (index: number) => JSON.stringify([key, method, options, index]);
  const missing = classes.filter((index) => room.maps.get(keyOf(index)) === undefined);
  const made = new Map<number, KnownMap>();
  if (missing.length > 0) {
    stage(
      missing.length === 1
        ? 'Tracing the evidence'
        : `Tracing the evidence for ${missing.length} classes`,
    );
    const { maps, shape, preset } = await explainer.explain(classified, method, options, missing);
    const size = shape[0] * shape[1];
    missing.forEach((index, row) => {
      made.set(index, { values: maps.slice(row * size, (row + 1) * size), shape, preset });
    });
  }
  const maps = classes.map((index) => made.get(index) ?? room.maps.get(keyOf(index)));
  made.forEach((map, index) => {
    room.maps.set(keyOf(index), map);
  });
  room.classified.trim();
  const explained = performance.now();

  return {
    modelId: model.id,
    modelSha256: explainer.sha256,
    method,
    preset: maps[0]?.preset ?? options.preset ?? 'base',
    grid: explainer.structure.grid,
    window: input.window,
    topK,
    heatmaps: classes.flatMap((index, at): Heatmap[] => {
      const map = maps[at];
      return map
        ? [{ index, label: labelOf(labels, index), values: map.values, shape: map.shape }]
        : [];
    }),
    scores: scoresOf(classes, logits, labels),
    stability: stability
      ? await measureStability(explainer, classified, params, classes[0], stage)
      : undefined,
    provider: explainer.provider,
    notices: [...explainer.notices, ...notices],
    milliseconds: {
      decode: decoded - start,
      open: opened - decoded,
      forward: classifiedAt - opened,
      explain: explained - classifiedAt,
      total: performance.now() - start,
    },
  };
}

async function classify(
  key: string,
  explainer: Explainer,
  input: ModelInput,
  room: Workroom,
  stage: (phrase: string) => void,
): Promise<Classified> {
  const known = room.classified.get(key);
  if (known) {
    return known;
  }
  stage('Running the model');
  const classified = await explainer.classify(input.values);
  room.classified.set(key, classified);
  return classified;
}

/** @param index the class whose map is measured: the first of those explained */
async function measureStability(
  explainer: Explainer,
  classified: Classified,
  { method, options }: ExplainParams,
  index: number | undefined,
  stage: (phrase: string) => void,
): Promise<Stability | undefined> {
  if (index === undefined) {
    return undefined;
  }
  stage('Measuring how stable the map is');
  const { relativeChange } = await explainer.stability(classified, method, options, index);
  return judged(relativeChange);
}

function sizeOf({ shape }: ModelInput): readonly [height: number, width: number] {
  return [shape[2], shape[3]];
}

/** Names that do not fit the model would be wrong names: then classes go by number. */
function labelsFor(
  { labels, name }: ModelDescription,
  { structure: { classes } }: Explainer,
): { labels: readonly string[]; notices: readonly string[] } {
  if (labels.length === 0 || labels.length === classes) {
    return { labels, notices: [] };
  }
  const notice = `${name} has ${classes} classes, but ${labels.length} names were found for them, so classes are shown by number.`;
  return { labels: [], notices: [notice] };
}

/**
 * @param ranked all classes, the most probable first
 * @throws Failure `class-unknown`
 */
function targetClasses(targets: Targets, ranked: readonly number[]): readonly number[] {
  if ('topK' in targets) {
    return ranked.slice(0, targets.topK);
  }
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
