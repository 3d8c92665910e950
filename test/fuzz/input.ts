/** What is tried: files in a folder, one of them changed, and what is asked of them. */

export const asks = ['model', 'picture', 'tensor', 'dataset', 'report'] as const;

/** What is asked of the file at `path`, relative to the folder of the input. */
export interface Question {
  readonly ask: (typeof asks)[number];
  readonly path: string;
}

/** Files by their path in the folder. */
export type Files = Readonly<Record<string, Uint8Array>>;

export interface Input extends Question {
  readonly files: Files;
}

export type Random = () => number;

/** Changes bytes; the same bytes and random numbers give the same. */
export type Edit = (bytes: Buffer, random: Random) => Uint8Array;

/** A sound input, and the ways to spoil one of its files. */
export interface Base extends Input {
  readonly name: string;
  /** Of `files`: the one that is changed. */
  readonly changed: string;
  readonly edits: readonly Edit[];
}

export function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}

/** A whole number from 0 to below `count`. */
export function below(random: Random, count: number): number {
  return Math.floor(random() * count);
}
