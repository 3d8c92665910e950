import type { AmongList } from './among';
import type { MethodOptions } from './explanation';
import type { LabelReading } from './label-reading';
import type { Preprocessing } from './preprocessing';
import type { OutputKind } from './output-kind';
import type { CountByEnding } from './other-files';
import type { Shard } from './shard';

/**
 * The first line of a JSONL report: everything its results depend on, and but for `shard` nothing that
 * differs from one shard or machine to the next.
 */
export interface BatchHeader {
  readonly format: 'vit-explainer-batch';
  readonly version: 1;
  /** Name of the folder or manifest. */
  readonly dataset: string;
  /** How many samples the whole dataset has, all shards together. */
  readonly samples: number;
  readonly model: { readonly name: string; readonly sha256: string };
  readonly preprocessing: Preprocessing;
  /** What the model's numbers mean. */
  readonly output: OutputKind;
  readonly method: string;
  readonly options: MethodOptions;
  /** Class names by index. */
  readonly classes: readonly string[];
  /** Classes that answers are also taken among; absent where they are taken among all alone. */
  readonly among?: AmongList;
  /** Labels that no class fits. */
  readonly unmatched: readonly string[];
  /** Why no label is right or wrong, in a sentence; absent where labels are judged or there are none. */
  readonly unjudged?: string | undefined;
  /** How labels were read as classes, where there was more than one way. */
  readonly labelReading?: LabelReading | undefined;
  /** Class index by label, as it was read. */
  readonly truths?: Readonly<Record<string, number>> | undefined;
  /** SHA-256 of what is said of where the objects are, in all samples; absent where nothing is. */
  readonly annotations?: string | undefined;
  /** What the dataset names but could not be taken in; other files than pictures are only counted. */
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
  /** Without those that were read for meanings of labels or for boxes. */
  readonly otherFiles: number;
  /** The same by their endings; reports of before lack it. */
  readonly otherEndings?: CountByEnding;
  /** The day that a report was written, as 2026-11-26; runs that can be gone on with, or merged, keep none. */
  readonly made?: string;
  /** Which samples a report is of, in words; absent where it is of all. */
  readonly chosen?: string;
  /** Which part of the dataset the file is of; absent where it is of all. */
  readonly shard?: Shard | undefined;
}

/** What is known only when all of a dataset was listed. */
type ListingField =
  | 'samples'
  | 'unmatched'
  | 'unjudged'
  | 'labelReading'
  | 'truths'
  | 'annotations'
  | 'skipped'
  | 'otherFiles'
  | 'otherEndings';

/** The same as far as it is known when a run begins: it is completed at the run's end. */
export type RunHeader = Omit<BatchHeader, ListingField> & Partial<Pick<BatchHeader, ListingField>>;
