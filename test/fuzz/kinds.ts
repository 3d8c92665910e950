/** The kinds of files that are spoilt, and the sound ones that each begins from. */
import { archives, checkpoints } from './bases/checkpoints';
import { graphs } from './bases/graphs';
import { labels } from './bases/labels';
import { manifests } from './bases/manifests';
import { pictures } from './bases/pictures';
import type { Base } from './input';

/** @param fixtures the folder `test/fixtures` */
type Bases = (fixtures: string) => Promise<readonly Base[]>;

export const kinds = {
  graphs,
  checkpoints,
  archives,
  pictures,
  manifests,
  labels,
} as const satisfies Record<string, Bases>;

export type Kind = keyof typeof kinds;

export const kindNames = Object.keys(kinds) as Kind[];
