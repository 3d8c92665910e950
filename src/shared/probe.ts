/** Linear probes as plain data: what one is trained from, what it became, how good it is. */
import type { InputWindow } from './explanation';
import type { Preprocessing, ProbeBackbone } from './model';
import type { PatchMap } from './sample-result';

/** One labelled picture. */
export interface ProbeSample {
  /** Absolute path. */
  readonly path: string;
  /** Path from the dataset's root with forward slashes. */
  readonly name: string;
  readonly label: string;
  /** The part that the dataset itself puts it in. */
  readonly split: 'train' | 'val' | undefined;
}

/** A picture that was left out, and why, in a sentence. */
export interface SkippedSample {
  readonly name: string;
  readonly reason: string;
}

/** Validation accuracy with fewer training pictures. */
export interface CurvePoint {
  readonly rows: number;
  readonly top1: number;
}

/** `NAME.probe.json`, beside the weights in `NAME.probe.safetensors`. */
export interface ProbeManifest {
  readonly format: 1;
  readonly name: string;
  readonly backbone: ProbeBackbone;
  /** Of the head's file; absent in manifests that were written before it was. */
  readonly headSha256?: string | undefined;
  readonly preprocessing: Preprocessing;
  /** Class names by index, in code-unit order. */
  readonly classes: readonly string[];
  readonly split: {
    /** Whether the dataset has its own parts, or the seed drew them. */
    readonly by: 'dataset' | 'seed';
    readonly seed: number;
    /** Share of every class that the seed held out. */
    readonly validationShare: number;
    readonly train: number;
    readonly validation: number;
    readonly skipped: number;
  };
  /** λ of the L2 penalty λ/2 · ‖weight‖² that did best on the validation pictures. */
  readonly penalty: number;
  /** On the validation pictures; shares from 0 to 1, loss in nats. */
  readonly accuracy: { readonly top1: number; readonly top5: number; readonly loss: number };
  readonly learningCurve: readonly CurvePoint[];
  /** ISO 8601. */
  readonly date: string;
}

/** One picture's answer. */
export interface ProbeAnswer {
  readonly name: string;
  readonly truth: number;
  readonly answer: number;
  /** Of the answer, 0 … 1. */
  readonly probability: number;
  /** Place of the truth among all classes, from 0. */
  readonly truthRank: number;
}

/** A wrong answer with the evidence for it. */
export interface ProbeMistake extends ProbeAnswer {
  /** Why the probe gave this answer; undefined where no map could be made. */
  readonly map: PatchMap | undefined;
  /** Which part of the picture the map covers. */
  readonly window: InputWindow | undefined;
}

/** How good a probe is on labelled pictures. */
export interface ProbeReport {
  readonly format: 1;
  readonly probe: string;
  readonly backbone: string;
  /** Folder that the names of pictures are relative to. */
  readonly root: string;
  readonly classes: readonly string[];
  readonly pictures: number;
  readonly top1: number;
  readonly top5: number;
  readonly loss: number;
  readonly perClass: readonly {
    readonly pictures: number;
    /** Null where no picture was called so. */
    readonly precision: number | null;
    /** Null where there is no picture of the class. */
    readonly recall: number | null;
  }[];
  /** `confusion[truth][answer]`: counts. */
  readonly confusion: readonly (readonly number[])[];
  readonly learningCurve: readonly CurvePoint[];
  readonly answers: readonly ProbeAnswer[];
  /** The surest wrong answers, the surest first. */
  readonly mistakes: readonly ProbeMistake[];
  readonly skipped: readonly SkippedSample[];
}
