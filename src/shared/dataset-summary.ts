/** What a whole dataset shows, as plain data. */
import type { RemarkKind } from './picture-remark';

/** A mean over maps, each scaled to sum 1 first so that every sample counts the same. */
export interface MeanMap {
  readonly rows: number;
  readonly columns: number;
  readonly samples: number;
  /** Row-major. */
  readonly values: readonly number[];
}

/** A cell of the confusion matrix that has samples in it. */
export interface CountedCell {
  readonly truth: number;
  readonly answer: number;
  /** How many samples. */
  readonly count: number;
}

export interface ConfusionCell extends CountedCell {
  /** Where the model looks when it gives this answer to this truth. */
  readonly meanMap: MeanMap;
}

/** How often answers are right that are given with about the same probability. */
export interface CalibrationBin {
  /** How many answers. */
  readonly samples: number;
  /** Their mean probability. */
  readonly confidence: number;
  /** Share of them that is right. */
  readonly accuracy: number;
}

export interface Calibration {
  /** Those that answers fall into, from unsure to sure. */
  readonly bins: readonly CalibrationBin[];
  /** Expected calibration error, 0 … 1. */
  readonly error: number;
}

/** What cannot be known of where the objects are: the first sample that it is said of, and how many there are. */
export interface Doubt {
  readonly doubt: string;
  readonly name: string;
  readonly count: number;
}

/** How right answers are. */
export interface AnswerFigures {
  /** Samples whose label stands for one of the classes. */
  readonly labelled: number;
  /** Share of the labelled samples; undefined when there is none. */
  readonly top1: number | undefined;
  readonly top5: number | undefined;
  /** Mean −log probability of the truth, in nats. */
  readonly loss: number | undefined;
  /** Of the labelled samples; undefined when there is none with a probability. */
  readonly calibration: Calibration | undefined;
}

/** A wrong answer. */
export interface Mistake {
  readonly name: string;
  readonly truth: number;
  readonly answer: number;
  readonly probability: number;
}

/** What the answers show that are taken among some classes. */
export interface AmongSummary extends AnswerFigures {
  /** Samples whose label stands for another class: they count in none of the figures. */
  readonly outside: number;
  /** By truth, then answer. */
  readonly confusion: readonly CountedCell[];
  /** Wrong answers, the surest first, at most fifty. */
  readonly mistakes: readonly Mistake[];
}

/** What a whole dataset shows; the same whatever the order or the shards its lines came in. */
export interface DatasetSummary extends AnswerFigures {
  readonly samples: number;
  /** How many of them could not be read. */
  readonly unread: number;
  /** Of these, the first two hundred. */
  readonly broken: readonly { readonly name: string; readonly message: string }[];
  /** The same among some classes, where answers are taken among these too. */
  readonly among?: AmongSummary;
  /** Of a model that gives values: of the first one. */
  readonly values:
    { readonly least: number; readonly mean: number; readonly most: number } | undefined;
  /** By truth, then answer. */
  readonly confusion: readonly ConfusionCell[];
  /** Mean evidence by answered class. */
  readonly meanMaps: readonly { readonly index: number; readonly meanMap: MeanMap }[];
  /** Means over all samples. */
  readonly border: number;
  readonly corners: readonly [number, number, number, number];
  readonly outside: number | undefined;
  /** Samples whose share outside the object may be wrong, or is left out, by what cannot be known. */
  readonly doubts: readonly Doubt[];
  /** How many of the pictures there is something to say of, by kind, in the order of the kinds. */
  readonly remarks: readonly { readonly kind: RemarkKind; readonly count: number }[];
  /** Wrong answers, the surest first, at most fifty. */
  readonly mistakes: readonly Mistake[];
}

/** What cannot be known of where the objects are, in sentences. */
export function doubtSentences(doubts: DatasetSummary['doubts']): readonly string[] {
  return doubts.map(({ doubt, name, count }) => {
    const others = count > 1 ? ` and ${count - 1} more` : '';
    return `How much evidence lies outside the objects is in doubt for ${name}${others}: ${doubt}.`;
  });
}
