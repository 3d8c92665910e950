/** What a picture thread is told to do, and what it answers. */
import type { ImageProgram, Values } from '../../engine/image-program';
import type { InputWindow } from '../../shared/explanation';
import type { FailureData } from '../../shared/failure-data';
import type { Preprocessing } from '../../shared/preprocessing';
import type { RemarkKind } from '../../shared/picture-remark';

/** What a thread is started with: the model that it runs on each picture, if any. */
export interface ThreadModel {
  readonly program: ImageProgram;
  /** Cores that one run may take. */
  readonly threads: number;
}

/** A picture to take in. */
export interface PictureJob {
  /** The file's bytes; they move to the thread. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly name: string;
  readonly preprocessing: Preprocessing;
  /** Where to write a small picture of what the model sees; left out: nowhere. */
  readonly thumbnail: { readonly file: string; readonly side: number } | undefined;
}

/** Undefined ends the thread, after the jobs before it. */
export type ToThread = PictureJob | undefined;

export interface SeenPicture {
  /** The model's outputs; of a thread without a model its input, `[1, 3, height, width]`. */
  readonly values: readonly Values[];
  readonly window: InputWindow;
  /** What a person should know of how it was read. */
  readonly remarks: readonly RemarkKind[];
}

export type PictureAnswer =
  | { readonly ok: true; readonly seen: SeenPicture }
  /** `model`: no picture can be answered. */
  | { readonly ok: false; readonly fault: 'picture' | 'model'; readonly failure: FailureData };
