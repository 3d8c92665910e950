/** The samples that a panel walks through, as its filmstrip shows them. */

/** Pictures to walk through, and where among them the panel is. */
export interface Way {
  readonly title: string;
  /** How many there are: of a gallery's samples those that its filters let through. */
  readonly total: number;
  /** Place of the picture that the panel shows; undefined where it is none of them, e.g. left out by filters. */
  readonly at: number | undefined;
  /** Where it would stand then: the next one. */
  readonly near: number;
}

/** A whole state; of thousands of samples only those around what is in sight are told. */
export interface Filmstrip extends Way {
  /** Of the gallery that the panel belongs to. */
  readonly gallery: string;
  /** How many samples the gallery has so far. */
  readonly all: number;
  /** The sample that the panel shows, in sight or not. */
  readonly current: Frame | undefined;
  /** Place of the first of `frames`. */
  readonly first: number;
  readonly frames: readonly Frame[];
  /** Whether the person wants to see the pictures, and not only the way. */
  readonly shown: boolean;
}

export interface Frame {
  readonly name: string;
  /** Address of a small picture; undefined where the file could not be read. */
  readonly thumbnail: string | undefined;
  /** What the model says, and how sure it is. */
  readonly answer: string;
  readonly probability: number | undefined;
  /** Of a model that gives values. */
  readonly value?: number | undefined;
  readonly verdict: 'right' | 'wrong' | 'unknown' | 'unreadable';
  /** The class that it is, where that is known. */
  readonly truth: string | undefined;
}

/** Places of samples, the end not included. */
export interface FrameRange {
  readonly first: number;
  readonly end: number;
}

/** The place next to, or at either end of, what is shown; undefined where there is none to go to. */
export function placeAfter(
  { at, near, total }: Pick<Way, 'at' | 'near' | 'total'>,
  to: 'previous' | 'next' | 'first' | 'last',
): number | undefined {
  const places = {
    previous: (at ?? near) - 1,
    next: at === undefined ? near : at + 1,
    first: 0,
    last: total - 1,
  };
  const place = places[to];
  return place < 0 || place >= total || place === at ? undefined : place;
}
