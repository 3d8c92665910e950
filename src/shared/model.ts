/** Plain data about models: where one comes from, how its images are prepared, what its classes are called. */
import type { Assumption } from './assumption';
import type { PictureReading } from './picture-reading';
import type { ProbeBackbone } from './probe';

/** How an image becomes the model's input. Part of the model: the wrong one costs accuracy silently. */
export interface Preprocessing extends PictureReading {
  /**
   * `shortest-edge`: the short side becomes `size`, then a centre crop of `crop`;
   * `squash`: both sides become `size` (`crop` where it is left out) whatever the shape of the
   * picture, then a centre crop of `crop`.
   */
  readonly resize:
    | { readonly rule: 'shortest-edge'; readonly size: number }
    | { readonly rule: 'squash'; readonly size?: readonly [height: number, width: number] };
  readonly interpolation: 'bicubic' | 'bilinear' | 'lanczos' | 'nearest';
  /** Height and width that the model sees, in pixels. */
  readonly crop: readonly [height: number, width: number];
  /** Factor from 8-bit values to the range that mean and std are given in; usually 1/255. */
  readonly rescale: number;
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
}

/** Everything that is needed to run one model, resolved to files on disk. */
export interface ModelDescription {
  /** `starter`, a catalog id, or `file:` and the absolute path. */
  readonly id: string;
  readonly name: string;
  /** Absolute path of the weights: ONNX, safetensors or a PyTorch checkpoint. */
  readonly path: string;
  readonly preprocessing: Preprocessing;
  /** Where the preprocessing was found, or why it was guessed; shown to the person. */
  readonly preprocessingSource: string;
  /** The preset that was guessed (`presets` of src/store/presets.ts); absent when the preprocessing was found. */
  readonly guessedPreset?: string;
  /** What the files beside the weights leave open. */
  readonly assumed: readonly Assumption[];
  /** Class names by index; empty when the model has none. */
  readonly labels: readonly string[];
  /** Of a CLIP: it has no classes of its own, but compares a picture with phrases. */
  readonly zeroShot?: ZeroShot;
  /** The phrases that the picture is compared with, one class each; only beside `zeroShot`. */
  readonly phrases?: readonly string[];
  /** Of a linear probe, whose `path` is its head: the model that the head reads. */
  readonly backbone?: ProbeBackbone;
}

/** What turns phrases into the classes of a picture encoder. */
export interface ZeroShot {
  /** Absolute path of the text encoder, an ONNX file; undefined where none was found. */
  readonly textModel: string | undefined;
  /** Absolute path of `tokenizer.json`; undefined where none was found. */
  readonly tokenizer: string | undefined;
  /** What cosine similarities are multiplied by before the softmax: exp of the trained temperature. */
  readonly logitScale: number;
  /** Whether the scale was not stated anywhere, so that the one of OpenAI's models was taken. */
  readonly logitScaleAssumed: boolean;
}

/** One line of a model list. */
export interface ModelListing {
  readonly id: string;
  readonly name: string;
  readonly onDisk: boolean;
  /** Bytes on disk, or to download; undefined when not known. */
  readonly bytes: number | undefined;
  readonly licence: string | undefined;
  readonly source: 'shipped' | 'catalog' | 'own';
}
