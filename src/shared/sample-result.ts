/** What a model made of one sample of a dataset, as plain data: one line of a JSONL report. */
import type { FailureCode } from './failure';
import type { RemarkKind } from './picture-remark';

export type SampleResult = ExplainedSample | BrokenSample;

export interface ExplainedSample {
  readonly ok: true;
  /** The sample's key: its path from the dataset's root. */
  readonly name: string;
  /** Of the file's bytes, hexadecimal. */
  readonly sha256: string;
  /** As the dataset writes it. */
  readonly label?: string | undefined;
  /** The class that the label stands for, where one was found. */
  readonly truth?: number | undefined;
  /** The most probable classes, best first; values in the order in which the model gives them. */
  readonly top: readonly {
    readonly index: number;
    readonly probability?: number;
    readonly value?: number;
  }[];
  /** Place of the truth among all classes, from 0. */
  readonly truthRank?: number | undefined;
  /** −log probability of the truth, in nats. */
  readonly loss?: number | undefined;
  /** What a person should know of how the picture was read. */
  readonly remarks?: readonly RemarkKind[];
  /** Evidence for the best class, raw values. */
  readonly map: PatchMap;
  readonly shares: MapShares;
  /** Why the share outside the object may be wrong, or is left out: a clause about the picture. */
  readonly doubt?: string | undefined;
}

export interface BrokenSample {
  readonly ok: false;
  readonly name: string;
  readonly label?: string | undefined;
  readonly code: FailureCode;
  readonly message: string;
}

/** A map over the patch grid; `values` are base64 of little-endian float32, row-major. */
export interface PatchMap {
  readonly rows: number;
  readonly columns: number;
  readonly values: string;
}

/** Where the positive relevance of a map lies, each as a share of its sum. */
export interface MapShares {
  /** On the outermost ring of patches. */
  readonly border: number;
  /** In each corner (a quarter of the side long): top left, top right, bottom left, bottom right. */
  readonly corners: readonly [number, number, number, number];
  /** Outside the annotated object, where the sample has an annotation. */
  readonly outside?: number | undefined;
}
