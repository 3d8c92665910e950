/** From a dataset on disk and a model to what a batch runs over. */
import path from 'node:path';
import { amongAll, type AmongChoice } from '../shared/among';
import type { BatchHeader, RunHeader } from '../shared/batch-header';
import type { MethodOptions } from '../shared/explanation';
import { defaultPreset } from '../shared/method-choice';
import type { LabelReading, LabelReadingChoice } from '../shared/label-reading';
import type { ModelDescription } from '../shared/model';
import { countByEnding, otherFilesSentence } from '../shared/other-files';
import type { OpenedModel, BatchSample } from '../shared/protocol/dataset';
import { amongList } from './among-list';
import { annotationsFingerprint } from './annotations/fingerprint';
import { findAnnotations } from './annotations/find-annotations';
import { mappingFileOf } from './label-mapping';
import type { Listing } from './listing';
import { needsAllLabels, type LabelMapping } from './match-labels';
import { labelReader } from './read-labels';
import { notAPicture } from './sample';

/** How a dataset is to be read and explained. */
export interface BatchRequest {
  /** The one folder, manifest or picture, or what several share; its base name stands in the report. */
  readonly source: string;
  readonly list: Listing;
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
  /** Also tell the answers among some classes; left out: among all alone. */
  readonly among?: AmongChoice;
  /** COCO files and folders of annotations, the first goes first; none: VOC XML beside the pictures. */
  readonly annotations: readonly string[];
}

export interface PreparedBatch {
  /** Complete where all of the dataset was listed when the batch was prepared. */
  readonly header: RunHeader;
  /** In the order of the listing, each as soon as it is known. */
  readonly samples: AsyncIterable<BatchSample>;
  /** Why answers are not taken among the classes that were asked for, in sentences. */
  readonly whyAll: string | undefined;
  /** How the labels are read, where there is more than one way. */
  readonly choice: LabelReadingChoice | undefined;
  /**
   * Waits until all of the dataset is listed.
   *
   * @throws Failure `dataset-unusable`
   */
  readonly whole: () => Promise<WholeBatch>;
}

export interface WholeBatch {
  readonly header: BatchHeader;
  /** What the person should know, in sentences. */
  readonly notices: readonly string[];
}

/** @throws Failure `dataset-unusable` for a mapping or annotations that cannot be read */
export async function prepareBatch(request: BatchRequest): Promise<PreparedBatch> {
  const { list, model, opened, method, options, annotations: places } = request;
  const { among: choice = amongAll } = request;
  const classes =
    opened.labels.length > 0
      ? opened.labels
      : Array.from({ length: opened.classes }, (_, index) => `class ${index}`);
  const why = whyUnjudged(opened);
  const read = await labelReader({ ...request, root: list.root, folders: list.folders }, classes);
  const judged = () => (why === undefined ? list.labels : []);
  const isLate = list.numbersAre === undefined && needsAllLabels(judged(), request.reading);
  if (isLate || places.length > 0 || choice.of === 'dataset') await list.whole();
  const { match } = read(judged(), list.numbersAre);
  const { output } = opened;
  const labelled = match.indexByLabel.values();
  const { list: among, whyAll } = amongList(choice, { output, classes, labelled });
  const annotated = await findAnnotations(places, places.length > 0 ? list.samplesSoFar() : []);

  const asked = {
    format: 'vit-explainer-batch',
    version: 1,
    dataset: path.basename(path.resolve(request.source)),
    model: { name: model.name, sha256: opened.modelSha256 },
    preprocessing: model.preprocessing,
    output,
    method,
    options: { ...options, preset: options.preset ?? defaultPreset },
    classes,
    ...(among && { among }),
  } as const satisfies RunHeader;

  async function* samples(): AsyncGenerator<BatchSample> {
    for await (const sample of list) {
      const { path: file, name, label } = sample;
      const truth = label === undefined || why !== undefined ? undefined : match.classOf(label);
      const annotation = await annotated.annotationOf(sample);
      yield {
        path: file,
        name,
        ...(label === undefined ? {} : { label }),
        ...(truth === undefined ? {} : { truth }),
        ...(annotation === undefined ? {} : { annotation }),
      };
    }
  }

  const wholeOnce = async (): Promise<WholeBatch> => {
    const { skipped, notices } = await list.whole();
    const all = read(judged(), match.reading);
    const { indexByLabel, unmatched, choice } = all.match;
    const unjudged = list.labels.length > 0 ? why : undefined;
    const annotations = await annotationsFingerprint(list.samplesSoFar(), annotated.annotationOf);
    const used = new Set([
      mappingFileOf(list.root),
      ...(request.mappingFile === undefined ? [] : [path.resolve(request.mappingFile)]),
      ...annotated.filesRead(),
    ]);
    const others = skipped.filter(
      ({ name, reason }) => reason === notAPicture && !used.has(path.resolve(list.root, name)),
    );
    const otherEndings = countByEnding(others.map(({ name }) => name));
    const besides = otherFilesSentence(otherEndings);
    return {
      header: {
        ...asked,
        samples: list.size,
        unmatched,
        ...(unjudged !== undefined && { unjudged }),
        ...(choice && { labelReading: choice.reading }),
        truths: Object.fromEntries(indexByLabel),
        ...(annotations !== undefined && { annotations }),
        skipped: skipped.filter(({ reason }) => reason !== notAPicture),
        otherFiles: others.length,
        otherEndings,
      },
      notices: [
        ...(besides === undefined ? [] : [besides]),
        ...notices,
        ...all.notices,
        ...annotated.notices,
        ...(unjudged === undefined ? [] : [unjudged]),
        ...(places.length > 0 && annotations === undefined
          ? [
              'The annotations know none of the pictures by its name, so nothing is said of objects.',
            ]
          : []),
      ],
    };
  };
  let known: Promise<WholeBatch> | undefined;
  const whole = () => (known ??= wholeOnce());
  return {
    header: list.isWhole ? (await whole()).header : asked,
    samples: { [Symbol.asyncIterator]: samples },
    whyAll,
    choice: match.choice,
    whole,
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
