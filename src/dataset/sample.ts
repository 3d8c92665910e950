/** One picture of a dataset and what is known of it before any model has seen it. */
export interface Sample {
  /** Absolute path. */
  readonly path: string;
  /** Path from the dataset's root with forward slashes: the key of the sample in every report. */
  readonly name: string;
  /** Folder name or label column, as written there. */
  readonly label: string | undefined;
  /** The part of the dataset it belongs to, where the dataset says so. */
  readonly split: 'train' | 'val' | undefined;
}

/** What was passed over, and why, in a sentence. */
export interface Skipped {
  readonly name: string;
  readonly reason: string;
}

/** A dataset as found on disk, its samples in a stable order. */
export interface SampleList {
  /** The folder that the names are relative to. */
  readonly root: string;
  readonly samples: readonly Sample[];
  readonly skipped: readonly Skipped[];
  /** How the labels were found where that is not plain, in sentences. */
  readonly notices: readonly string[];
}

/** Why a file that lies in a folder is passed over: of these only the number is told. */
export const notAPicture = 'Not a picture by its name.';

/** The labels that occur, each once, in code-unit order: the classes of a dataset. */
export function classesOf(samples: Iterable<Pick<Sample, 'label'>>): string[] {
  const labels = new Set<string>();
  for (const { label } of samples) if (label !== undefined) labels.add(label);
  return [...labels].sort(byCodeUnits);
}

/** Order that does not depend on the machine's language. */
export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
