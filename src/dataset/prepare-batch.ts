/** From a dataset on disk and a model to what a batch runs over. */
import path from 'node:path';
import type { BatchHeader } from '../shared/batch-header';
import type { MethodOptions } from '../shared/explanation';
import { defaultPreset } from '../shared/method-choice';
import type { LabelReading, LabelReadingChoice } from '../shared/label-reading';
import type { ModelDescription } from '../shared/model';
import { countByEnding, otherFilesSentence } from '../shared/other-files';
import type { OpenedModel, BatchSample } from '../shared/protocol/dataset';
import { annotationsFingerprint } from './annotations/fingerprint';
import { findAnnotations } from './annotations/find-annotations';
import { mappingFileOf } from './label-mapping';
import type { LabelMapping } from './match-labels';
import { readLabels } from './read-labels';
import { byCodeUnits, notAPicture, type SampleList } from './sample';

/** How a dataset is to be read and explained. */
export interface BatchRequest {
  /** The one folder, manifest or picture, or what several share; its base name stands in the report. */
  readonly source: string;
  readonly list: SampleList;
  readonly model: ModelDescription;
  /** What the worker found in the model. */
  readonly opened: Pick<
    OpenedModel,
    'modelSha256' | 'classes' | 'labels' | 'output' | 'oneSideNamed'
  >;
  readonly method: string;
  readonly options: MethodOptions;
  /** Mapping of labels; left out: what fits this model of the one beside the dataset. */
  readonly mappingFile?: string | undefined;
  /** What labels mean, where no file says it: then none is read. */
  readonly meanings?: LabelMapping | undefined;
  /** How labels are read that are numbers; left out: as the mapping says, or what fits best. */
  readonly reading?: LabelReading | undefined;
  /** COCO files and folders of annotations, the first goes first; none: VOC XML beside the pictures. */
  readonly annotations: readonly string[];
}

export interface PreparedBatch {
  readonly header: BatchHeader;
  /** In the order of their names, whatever the order of the manifest: shards join to the same file. */
  readonly samples: readonly BatchSample[];
  /** What the person should know before, in sentences. */
  readonly notices: readonly string[];
  /** How the labels were read, where there was more than one way. */
  readonly choice: LabelReadingChoice | undefined;
}

/** @throws Failure `dataset-unusable` for a mapping or annotations that cannot be read */
export async function prepareBatch(request: BatchRequest): Promise<PreparedBatch> {
  const { list, model, opened, method, options } = request;
  const classes =
    opened.labels.length > 0
      ? opened.labels
      : Array.from({ length: opened.classes }, (_, index) => `class ${index}`);
  const isLabelled = list.samples.some(({ label }) => label !== undefined);
  const unjudged = isLabelled ? whyUnjudged(opened) : undefined;
  const { match, notices } = await readLabels(
    unjudged === undefined ? request : { ...request, list: { ...list, samples: [] } },
    classes,
  );
  const { indexByLabel, unmatched, choice } = match;
  const annotated = await findAnnotations(request.annotations, list.samples);
  const samples: BatchSample[] = [];
  for (const sample of list.samples) {
    const { name, label } = sample;
    const truth = label === undefined ? undefined : indexByLabel.get(label);
    const annotation = await annotated.annotationOf(sample);
    samples.push({
      path: sample.path,
      name,
      ...(label === undefined ? {} : { label }),
      ...(truth === undefined ? {} : { truth }),
      ...(annotation === undefined ? {} : { annotation }),
    });
  }
  samples.sort((a, b) => byCodeUnits(a.name, b.name));
  const annotations = await annotationsFingerprint(samples);
  const used = new Set([
    mappingFileOf(list.root),
    ...(request.mappingFile === undefined ? [] : [path.resolve(request.mappingFile)]),
    ...annotated.filesRead(),
  ]);
  const others = list.skipped.filter(
    ({ name, reason }) => reason === notAPicture && !used.has(path.resolve(list.root, name)),
  );
  const otherEndings = countByEnding(others.map(({ name }) => name));
  const besides = otherFilesSentence(otherEndings);
  return {
    header: {
      format: 'vit-explainer-batch',
      version: 1,
      dataset: path.basename(path.resolve(request.source)),
      samples: samples.length,
      model: { name: model.name, sha256: opened.modelSha256 },
      preprocessing: model.preprocessing,
      output: opened.output,
      method,
      options: { ...options, preset: options.preset ?? defaultPreset },
      classes,
      unmatched,
      ...(unjudged !== undefined && { unjudged }),
      ...(choice && { labelReading: choice.reading }),
      truths: Object.fromEntries(indexByLabel),
      ...(annotations !== undefined && { annotations }),
      skipped: list.skipped.filter(({ reason }) => reason !== notAPicture),
      otherFiles: others.length,
      otherEndings,
    },
    samples,
    notices: [
      ...(besides === undefined ? [] : [besides]),
      ...list.notices,
      ...notices,
      ...annotated.notices,
      ...(unjudged === undefined ? [] : [unjudged]),
      ...(request.annotations.length > 0 && !samples.some(({ annotation }) => annotation)
        ? ['The annotations know none of the pictures by its name, so nothing is said of objects.']
        : []),
    ],
    choice,
  };
}

/** Why no label can be right or wrong. */
function whyUnjudged({ output, oneSideNamed }: BatchRequest['opened']): string | undefined {
  if (output === 'value')
    return 'The model gives values and no classes, so labels count in no accuracy.';
  return oneSideNamed
    ? 'The model gives the probability of one class alone, so labels count in no accuracy; name both sides under “labels” in its .vit.json, what speaks against it first, and they do.'
    : undefined;
}
