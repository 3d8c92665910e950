/** Presets tried on pictures: what is tried, and what came of it. */
import type { Activity } from '../activity';
import type { ClassScore } from '../explanation';
import type { Preprocessing } from '../preprocessing';

/** A picture, or the pictures of a dataset. */
export interface TrialSubject {
  readonly kind: 'picture' | 'dataset';
  /** As a person reads it. */
  readonly name: string;
  /** Addresses of the picture, or of what the dataset was chosen by. */
  readonly uris: readonly string[];
}

/** A way of preparing pictures, under all names that come to it. */
export interface TrialWay {
  readonly names: readonly string[];
  readonly preprocessing: Preprocessing;
}

/** What came of one way, on the pictures that could be read. */
export interface TrialFigures {
  readonly pictures: number;
  /** Those whose label is a class of the model. */
  readonly labelled: number;
  /** Of these, where the label is the best class, and where it is among the best five. */
  readonly right: number;
  readonly inFive: number;
  /**
   * By how much −log probability of the label is less than by the way in use, in nats: mean over the
   * labelled pictures, and its standard error; undefined where one of both is not known.
   */
  readonly gain: { readonly mean: number; readonly error: number } | undefined;
  /** Where the best class is another one than by the way in use. */
  readonly others: number;
  /** Mean probability of the best class; undefined for models that give none. */
  readonly confidence: number | undefined;
}

export interface TrialRow extends TrialWay {
  /** Whether it is the way in use. */
  readonly inUse: boolean;
  readonly figures: TrialFigures;
  /** The best classes of a single picture. */
  readonly top: readonly ClassScore[];
}

export interface Trial {
  readonly subject: TrialSubject;
  /** How many pictures are tried, of how many; 0 while that is not known. */
  readonly drawn: number;
  readonly available: number;
  /** Empty until the first picture is done. */
  readonly rows: readonly TrialRow[];
  /** Why pictures could not be read: the first one's reason, and how many there are. */
  readonly broken: { readonly count: number; readonly first: string } | undefined;
  readonly activity: Activity;
}
