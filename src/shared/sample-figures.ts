/**
 * The numbers of a sample, an entry each: reports have a column of it, and a gallery can be put in
 * its order where it has words for that.
 */
import type { ExplainedSample } from './sample-result';

interface SampleFigure {
  /** Its name in tables. */
  readonly column: string;
  /** Undefined where the sample has none. */
  readonly of: (sample: ExplainedSample) => number | undefined;
}

interface SortingFigure extends SampleFigure {
  /** The highest come first. */
  readonly order: string;
  /** Whether the order is offered before any sample has the figure; models that give values lack it. */
  readonly always: boolean;
}

/** Those that tiles carry, and a gallery can be put in the order of. */
export const sortingFigures = {
  loss: {
    column: 'loss',
    of: ({ loss }) => loss,
    order: 'Loss, highest first',
    always: true,
  },
  outside: {
    column: 'outside',
    of: ({ shares }) => shares.outside,
    order: 'Evidence outside the object',
    always: false,
  },
} satisfies Readonly<Record<string, SortingFigure>>;

export type SortingFigureName = keyof typeof sortingFigures;

export const sortingFigureNames = Object.keys(sortingFigures) as readonly SortingFigureName[];

export function sortingFiguresOf(
  sample: ExplainedSample,
): Record<SortingFigureName, number | undefined> {
  const entries = sortingFigureNames.map((name) => [name, sortingFigures[name].of(sample)]);
  return Object.fromEntries(entries) as Record<SortingFigureName, number | undefined>;
}

/** All, in the order of the columns. */
export const sampleFigures: readonly SampleFigure[] = [
  sortingFigures.loss,
  { column: 'border', of: ({ shares }) => shares.border },
  { column: 'corner_top_left', of: ({ shares }) => shares.corners[0] },
  { column: 'corner_top_right', of: ({ shares }) => shares.corners[1] },
  { column: 'corner_bottom_left', of: ({ shares }) => shares.corners[2] },
  { column: 'corner_bottom_right', of: ({ shares }) => shares.corners[3] },
  sortingFigures.outside,
];
