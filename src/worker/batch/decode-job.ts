/** What a decoding thread is told to do, and what it answers. */
import type { FailureData } from '../../shared/failure';
import type { InputWindow } from '../../shared/explanation';
import type { Preprocessing } from '../../shared/model';

/** A picture to bring to the model's input. */
export interface DecodeJob {
  /** The file's bytes; they move to the thread. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly name: string;
  readonly preprocessing: Preprocessing;
  /** Where to write a small picture of what the model sees; left out: nowhere. */
  readonly thumbnail: { readonly file: string; readonly side: number } | undefined;
}

export type DecodeAnswer =
  | { readonly ok: true; readonly input: DecodedInput }
  | { readonly ok: false; readonly failure: FailureData };

export interface DecodedInput {
  /** `[1, 3, height, width]`. */
  readonly values: Float32Array<ArrayBuffer>;
  readonly window: InputWindow;
}
