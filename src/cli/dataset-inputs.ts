/** What commands over datasets are given: sources, labels, annotations, shards; and the model for them. */
import path from 'node:path';
import { mappingFileOf, readLabelMapping } from '../dataset/label-mapping';
import { phrasesMeant } from '../dataset/labels-of-phrases';
import { listSources } from '../dataset/list-sources';
import type { Listing } from '../dataset/listing';
import type { LabelMapping } from '../dataset/match-labels';
import { prepareBatch, type PreparedBatch } from '../dataset/prepare-batch';
import { readingSentences } from '../dataset/read-labels';
import type { AmongChoice } from '../shared/among';
import { Failure } from '../shared/failure';
import type { MethodOptions } from '../shared/explanation';
import { labelReadings } from '../shared/label-reading';
import type { ModelDescription } from '../shared/model';
import { placeInTar } from '../shared/tar-path';
import { withPhrases } from '../shared/phrases';
import type { OpenedModel } from '../shared/protocol/dataset';
import { resolveModel } from '../store/resolve-model';
import { open } from '../service/batch/open';
import type { Workroom } from '../service/workroom';
import { oneOf } from './arguments';
import { assumedLines } from './assumed-lines';
import { checkTargets } from './check-targets';
import { UsageError, type Terminal } from './command';
import { modelFolders } from './folders';
import { tellSkipped } from './report-files';
import { shardOptions } from './shard-asked';

/** The flags that say what a dataset is. */
export const datasetOptions = {
  text: { type: 'string', multiple: true },
  labels: { type: 'string' },
  'read-labels': { type: 'string' },
  resume: { type: 'boolean', default: false },
  ...shardOptions,
} as const;

export const labelHelp = `      --text PHRASE        with a CLIP model: the classes are the phrases; give at least two. A label
                           means the phrase that it is, or the only one that names it
      --labels FILE        JSON, {"label": "class name or number"}
                           (default: vit-labels.json beside the dataset, but not with --text)
      --read-labels HOW    what labels are that are numbers: names (of classes), numbers (of classes,
                           from 0), numbers-from-1, text-order (places among all labels sorted as
                           text, as torchvision's ImageFolder counts folders: 0, 1, 10, 11, 2) or
                           number-order (sorted by number, as timm does). Default: what vit-labels.json
                           says, else what fits; which it is is told`;

/** What was given, and how it is to be explained. */
export interface DatasetRequest {
  readonly sources: readonly string[];
  readonly values: {
    readonly model: string;
    readonly text?: string[] | undefined;
    readonly labels?: string | undefined;
    readonly 'read-labels'?: string | undefined;
  };
  readonly annotations?: readonly string[];
  readonly among?: AmongChoice;
  /** Files that are to be written, by their flags. */
  readonly targets: Readonly<Record<string, string | undefined>>;
  readonly options: MethodOptions;
  /** @returns the method whose notices are told */
  readonly method: (model: ModelDescription) => string | Promise<string>;
}

export interface DatasetInputs extends PreparedBatch {
  readonly list: Listing;
  readonly model: ModelDescription;
  readonly opened: OpenedModel;
}

/**
 * Looks at everything before the work: where reports are to go, the pictures, the model, the labels.
 *
 * @throws Failure, EngineError, UsageError
 */
export async function readDataset(
  { sources, values, annotations = [], among, targets, options, method: choose }: DatasetRequest,
  room: Workroom,
  terminal: Terminal,
): Promise<DatasetInputs> {
  const [first = ''] = sources;
  const { labels: mappingFile, 'read-labels': readLabels } = values;
  const reading =
    readLabels === undefined ? undefined : oneOf('--read-labels', readLabels, labelReadings);
  await checkTargets(targets, [
    ...sources,
    ...annotations,
    ...(mappingFile === undefined ? [] : [mappingFile]),
  ]);

  const list = await listSources(sources);
  const several = new Set(sources.map((source) => path.resolve(source))).size > 1;
  const model = asked(await resolveModel(values.model, modelFolders()), values.text);
  await checkTargets(targets, inputsOf(model, list));
  const method = await choose(model);
  const call = { model, method, options };
  const opened = await open(call, room, ({ phrase }) => {
    terminal.progress(`${model.name}: ${phrase} …`);
  });
  assumedLines(model.name, opened.assumed).forEach(terminal.progress);
  const prepared = await prepareBatch({
    ...call,
    source: several ? list.root : first,
    list,
    opened,
    mappingFile,
    reading,
    meanings: model.phrases && (await meaningsOf(list, model.phrases, mappingFile)),
    annotations,
    ...(among && { among }),
  });
  if (prepared.whyAll !== undefined) throw notAmong(prepared.whyAll);
  if (list.isWhole) {
    const { header, notices } = await prepared.whole();
    // The summary lists it too, but a mistyped name should not come to light only then.
    if (several) tellSkipped(header, terminal);
    notices.forEach(terminal.progress);
  }
  if (prepared.choice)
    terminal.progress(readingSentences(prepared.choice, prepared.header.classes));
  return { ...prepared, list, model, opened };
}

function notAmong(why: string): Failure {
  return new Failure('class-unknown', why, 'Name other classes with --among, or leave it out.');
}

function* inputsOf(model: ModelDescription, list: Listing): Generator<string> {
  yield model.path;
  yield mappingFileOf(list.root);
  let last: string | undefined;
  for (const { path: file } of list.samplesSoFar()) {
    const input = placeInTar(file)?.archive ?? file;
    if (input !== last) yield input;
    last = input;
  }
}

/** @throws Failure as `withPhrases`; UsageError for a single phrase: it would be the answer to everything */
function asked(model: ModelDescription, texts: readonly string[] | undefined): ModelDescription {
  if (texts === undefined) return model;
  const withTexts = withPhrases(model, texts);
  if (withTexts.phrases?.length === 1)
    throw new UsageError('A batch says which phrase fits best: give at least two with --text.');
  return withTexts;
}

/**
 * Which phrase each label means. A mapping beside the dataset was written for a model with classes of
 * its own, so only one that is named is read.
 *
 * @throws Failure `dataset-unusable` for a mapping that cannot be read
 */
async function meaningsOf(
  list: Listing,
  phrases: readonly string[],
  mappingFile: string | undefined,
): Promise<LabelMapping> {
  await list.whole();
  const named =
    mappingFile === undefined ? {} : (await readLabelMapping(mappingFile, phrases)).mapping;
  return { ...phrasesMeant(list.labels, phrases), ...named };
}
