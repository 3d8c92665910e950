/** The catalog of well-known models: where each is published, how large, under which licence. */
import * as v from 'valibot';
import data from '../../models/catalog.json';
import { preprocessingSchema } from '../shared/preprocessing';

const id = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]*$/));
/** A path inside a repository: no way out of its folder, no absolute path. */
const repositoryPath = v.pipe(v.string(), v.regex(/^(?!.*\.\.)[A-Za-z0-9_][\w./-]*$/));
const bytes = v.pipe(v.number(), v.integer(), v.minValue(1));

const fileSchema = v.strictObject({
  path: repositoryPath,
  /** `part`: of weights whose index is the file with the role `weights`. */
  role: v.picklist(['weights', 'part', 'config', 'preprocessing', 'tokenizer', 'text-model']),
  /** As the repository shows it, in round figures; null where it shows none. */
  approximateBytes: v.nullable(bytes),
  /** Null: not published where it could be checked; recorded at the first download. */
  sha256: v.nullable(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))),
});

const entrySchema = v.strictObject({
  id,
  name: v.pipe(v.string(), v.nonEmpty()),
  /** How it was trained. */
  summary: v.pipe(v.string(), v.nonEmpty()),
  /** What turns tokens into logits. */
  head: v.pipe(v.string(), v.nonEmpty()),
  source: v.variant('kind', [
    v.strictObject({
      kind: v.literal('hugging-face'),
      repository: v.pipe(v.string(), v.regex(/^[\w.-]+\/[\w.-]+$/)),
      /** A commit where one is known to hold the file, else a branch. */
      revision: v.pipe(v.string(), v.regex(/^[\w.-]+$/)),
    }),
    v.strictObject({
      kind: v.literal('url'),
      /** Folder that holds the files; ends with a slash. */
      base: v.pipe(v.string(), v.url(), v.startsWith('https://'), v.endsWith('/')),
      page: v.pipe(v.string(), v.url()),
    }),
  ]),
  licence: v.pipe(v.string(), v.nonEmpty()),
  /** Used where the downloaded configuration names no classes; null for zero-shot models. */
  labels: v.nullable(v.literal('imagenet-1k')),
  /** Published top-1 accuracy on ImageNet-1k's validation images, in per cent. */
  imagenetTop1: v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(100))),
  /** Used where the downloaded configuration says nothing. */
  preprocessing: preprocessingSchema,
  files: v.pipe(
    v.array(fileSchema),
    v.check(
      (files) => files.filter(({ role }) => role === 'weights').length === 1,
      'exactly one file must be the weights',
    ),
  ),
});

export const catalogSchema = v.strictObject({ format: v.literal(1), models: v.array(entrySchema) });

export type CatalogEntry = v.InferOutput<typeof entrySchema>;
export type CatalogFile = CatalogEntry['files'][number];

/** What is known of a model before its download. */
export type Downloadable = Omit<CatalogEntry, 'labels' | 'preprocessing'>;

/** The entries in the order to list them. */
export const catalog: readonly CatalogEntry[] = v.parse(catalogSchema, data).models;

export function catalogEntry(modelId: string): CatalogEntry | undefined {
  return catalog.find((entry) => entry.id === modelId);
}

/** The entry's weights: every entry has exactly one such file. */
export function weightsOf(entry: Downloadable): CatalogFile {
  const weights = entry.files.find(({ role }) => role === 'weights');
  if (weights === undefined) throw new Error(`${entry.id} has no weights`);
  return weights;
}

/** Bytes of all files in round figures; undefined where the size of the weights is not known. */
export function approximateBytes(entry: Downloadable): number | undefined {
  const weights = entry.files.filter(({ role }) => role === 'weights' || role === 'part');
  return weights.some((file) => file.approximateBytes === null)
    ? undefined
    : entry.files.reduce((sum, file) => sum + (file.approximateBytes ?? 0), 0);
}

/** Where a person reads about the model and its licence. */
export function pageOf(entry: Downloadable): string {
  return entry.source.kind === 'url'
    ? entry.source.page
    : `https://huggingface.co/${entry.source.repository}`;
}
