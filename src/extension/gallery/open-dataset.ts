/** From what a person chose to what a run is made of: pictures, model, phrases, labels. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import type * as vscode from 'vscode';
import { mappingFileOf } from '../../dataset/label-mapping';
import { phrasesMeant, phrasesOfLabels } from '../../dataset/labels-of-phrases';
import type { Listing } from '../../dataset/listing';
import { listSources } from '../../dataset/list-sources';
import type { ReportedMethod } from '../../dataset/report/map-sections';
import { prepareBatch, type PreparedBatch, type WholeBatch } from '../../dataset/prepare-batch';
import { thumbnailFile } from '../../dataset/thumbnail-file';
import { amongAll, whyNotAmong } from '../../shared/among';
import { withoutSharedBeginning } from '../../shared/class-name';
import { Failure } from '../../shared/failure';
import type { GalleryDataset, GalleryState } from '../../shared/gallery/gallery-state';
import type { GalleryChoices } from '../../shared/gallery/gallery-view';
import { bestForModel, defaultMethod } from '../../shared/method-choice';
import type { ModelDescription } from '../../shared/model';
import { readingVersion } from '../../shared/picture-reading';
import { tidyPhrases, withPhrases } from '../../shared/phrases';
import type { BatchParams } from '../../shared/protocol/dataset';
import { preparedAs } from '../../store/prepared-as';
import type { ModelManager } from '../models/model-manager';
import { withModel } from '../models/listed-model';
import { explainSettings } from '../settings';
import type { WorkerHost } from '../worker-host';
import { datasetTitle } from './dataset-title';

export interface DatasetServices {
  /** Where small pictures are kept. */
  readonly thumbnailFolder: vscode.Uri;
  readonly worker: WorkerHost;
  readonly models: ModelManager;
}

export interface OpenedDataset {
  readonly list: Listing;
  readonly batch: PreparedBatch;
  /** What there is to say of it when all of it is listed. */
  readonly whole: () => Promise<Partial<GalleryDataset>>;
  /** What the samples are explained with. */
  readonly params: Omit<BatchParams, 'samples'>;
  /** What they are compared with, where the model compares phrases. */
  readonly phrases: readonly string[] | undefined;
  /** Of the model; empty where it has none. */
  readonly classNames: readonly string[];
  /** As its manifest states it, so that it can be changed there. */
  readonly model: ModelDescription;
  /** Whose maps they are. */
  readonly reported: ReportedMethod;
  /** The small picture of a file with this SHA-256. */
  readonly thumbnailOf: (sha256: string) => string;
}

/** What has come to be known on the way; of what is asked, that which was left to the defaults. */
export type OpeningFact = Partial<Pick<GalleryState, 'asked' | 'dataset' | 'progress'>>;

const ofDataset = { of: 'dataset' } as const;

const thumbnailSide = 160;
/** Changes when small pictures of before must not be taken for those of now. */
const thumbnailVersion = 2;

/**
 * @param tell takes what is known on the way: the stage of the work, what was left to the defaults,
 *   more and more of the dataset
 * @returns `awaiting phrases` where the model compares phrases and there are fewer than two
 * @throws Failure whatever the sources, the choices or the model are no good for; the signal's
 *   reason when it is aborted
 */
export async function openDataset(
  sources: readonly vscode.Uri[],
  choices: GalleryChoices,
  { thumbnailFolder, worker, models }: DatasetServices,
  tell: (known: OpeningFact) => void,
  signal: AbortSignal,
): Promise<OpenedDataset | 'awaiting phrases'> {
  const [first] = sources;
  if (first === undefined) throw new RangeError('a gallery of nothing');
  const tellStage = (phrase: string) => tell({ progress: { kind: 'opening', phrase } });
  const tellDataset = (dataset: GalleryDataset) => tell({ dataset });
  const list = await listPictures(sources);
  signal.addEventListener('abort', () => list.close());

  const { modelId = models.chosen.idFor(first), annotations } = choices;
  const { colourMap, preset, method: usual } = explainSettings(first);
  const { method: chosen = usual } = choices;
  const [listings, methods] = await Promise.all([models.list(), worker.methods()]);
  signal.throwIfAborted();
  const listed: GalleryDataset = {
    ...whatPicturesSay(sources, list),
    models: listings,
    modelId,
    methods,
    method: chosen === bestForModel ? defaultMethod : chosen,
    colourMap,
    annotations,
  };
  tellDataset(listed);

  const found = await models.resolve(modelId, signal, tellStage);
  signal.throwIfAborted();
  tell({ asked: { modelId: found.id, method: listed.method } });

  if (found.zeroShot) await list.whole();
  const { labels } = list;
  const phrases = found.zeroShot && tidyPhrases(choices.phrases ?? phrasesOfLabels(labels));
  const named = { ...listed, models: withModel(listings, found), modelId: found.id, phrases };
  if (phrases !== undefined && phrases.length < 2) {
    tellDataset(named);
    return 'awaiting phrases';
  }

  const model = phrases === undefined ? found : withPhrases(found, phrases);
  const thumbnails = {
    folder: path.join(
      thumbnailFolder.fsPath,
      shortHash([thumbnailVersion, readingVersion, model.preprocessing]),
    ),
    side: thumbnailSide,
  };
  const onEvent = ({ phrase }: { readonly phrase: string }) => {
    tellStage(phrase);
  };
  const { method } =
    chosen === bestForModel
      ? await worker.call('bestMethod', { model }, { signal, onEvent })
      : { method: chosen };
  tell({ asked: { modelId: found.id, method } });
  const asked = { model, method, options: { preset } };
  const opened = await worker.call('open', asked, {
    signal,
    onEvent,
  });

  // Of a list that is still being read not all labels are known: then it is waited for where a person asks.
  const among = choices.among ?? (list.isWhole ? ofDataset : amongAll);
  if (among.of === 'dataset' && !list.isWhole) tellStage('Reading all labels');
  const source = sources.length === 1 ? first.fsPath : list.root;
  const batch = await prepareBatch({
    ...asked,
    source,
    list,
    opened,
    meanings: phrases && phrasesMeant(labels, phrases),
    annotations: annotations === undefined ? [] : [annotations],
    among,
  });
  const { among: amongClasses } = batch.header;
  signal.throwIfAborted();
  const opening = {
    ...named,
    method,
    classes: phrases ? withoutSharedBeginning(phrases) : batch.header.classes,
    oneSideNamed: opened.oneSideNamed,
    choosesClasses: whyNotAmong(opened.output, opened.classes, [0, 1]) === undefined,
    among: amongClasses,
    // Unasked for, nobody misses it.
    whyAll: choices.among && batch.whyAll,
    grid: opened.grid,
    labelReading: batch.choice,
    prepared: preparedAs(model),
    assumed: opened.assumed,
    notices: opened.notices,
  };
  const whole = ({ header, notices }: WholeBatch): Partial<GalleryDataset> => ({
    total: header.samples,
    unmatched: header.unmatched,
    labelledClasses: new Set(Object.values(header.truths ?? {})).size,
    skipped: header.skipped,
    notices: [...opening.notices, ...notices],
  });
  tellDataset({ ...opening, ...(list.isWhole && whole(await batch.whole())) });
  return {
    list,
    batch,
    whole: async () => whole(await batch.whole()),
    params: {
      ...asked,
      thumbnails,
      modelSha256: opened.modelSha256,
      ...(amongClasses && { among: amongClasses.classes }),
    },
    phrases,
    classNames: opened.labels,
    model,
    reported: methods.find(({ id }) => id === method) ?? unknownMethod,
    thumbnailOf: (sha256) => thumbnailFile(thumbnails.folder, sha256),
  };
}

async function listPictures(sources: readonly vscode.Uri[]): Promise<Listing> {
  const elsewhere = sources.find(({ scheme }) => scheme !== 'file');
  if (elsewhere !== undefined) {
    throw new Failure(
      'dataset-unusable',
      `${elsewhere.toString()} is not on a disk of this machine, so its pictures cannot be read one after another.`,
      'Copy the folder to a disk, or explain single pictures.',
    );
  }
  return listSources(sources.map(({ fsPath }) => fsPath));
}

function whatPicturesSay(sources: readonly vscode.Uri[], { size, root }: Listing) {
  return {
    title: datasetTitle(sources),
    sources: sources.map(String),
    total: size,
    classes: [],
    grid: [1, 1],
    unmatched: [],
    mappingFile: path.basename(mappingFileOf(root)),
    skipped: [],
    assumed: [],
    notices: [],
  } satisfies Partial<GalleryDataset>;
}

/** The worker refuses one. */
const unknownMethod: ReportedMethod = { classSpecific: false, signed: false, pixels: false };

function shortHash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}
