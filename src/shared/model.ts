/** Plain data about models: where one comes from, how its images are prepared, what its classes are called. */
import type { StatedArchitecture } from './architecture';
import type { Assumption } from './assumption';
import type { StatedOutput } from './output-kind';
import type { PictureReading } from './picture-reading';

type Sides = readonly [height: number, width: number];

/** How an image becomes the model's input. Part of the model: the wrong one costs accuracy silently. */
export interface Preprocessing extends PictureReading {
  readonly resize: ResizeRule;
  readonly interpolation: 'bicubic' | 'bilinear' | 'lanczos' | 'nearest' | 'box' | 'hamming';
  /** Height and width that the model sees, in pixels: the centre is cut out, what is missing is padded. */
  readonly crop: Sides;
  /**
   * Where the crop begins when half of what is left over is no whole number of pixels: at the even
   * one (`half-even`, torchvision, timm and OpenCLIP; where it is left out), the one before (`down`,
   * Hugging Face's processors), or the one nearer to 0 (`towards-zero`, its fast processors).
   */
  readonly cropRounding?: 'half-even' | 'down' | 'towards-zero';
  /** Colour of the padding on the scale of 8-bit values; black where it is left out. */
  readonly fill?: readonly [red: number, green: number, blue: number];
  /** Where a picture smaller than the crop lies in it; in the centre where it is left out. */
  readonly place?: 'centre' | 'top-left';
  /** Order of the channels that the model sees; `rgb` where it is left out. */
  readonly channels?: 'rgb' | 'bgr';
  /** Factor from 8-bit values to the range that mean and std are given in; usually 1/255. */
  readonly rescale: number;
  /** For each channel that the model sees. */
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
}

/** From the picture's size to the one that is cropped or padded. */
export type ResizeRule =
  /**
   * The short side becomes `size`, the long one in proportion, rounded down; where the long side
   * would be longer than `longest`, that is what it becomes.
   */
  | { readonly rule: 'shortest-edge'; readonly size: number; readonly longest?: number }
  /** In proportion, so that `size` is just covered; both sides rounded to whole pixels. */
  | { readonly rule: 'cover'; readonly size: Sides }
  /** In proportion, so that the picture just fits into `size`; both sides rounded, or rounded down. */
  | { readonly rule: 'contain'; readonly size: Sides; readonly rounding?: 'nearest' | 'down' }
  /** Both sides become `size` (`crop` where it is left out), whatever the shape of the picture. */
  | { readonly rule: 'squash'; readonly size?: Sides }
  | { readonly rule: 'none' };

/** The model whose readout a probe reads. */
export interface ProbeBackbone {
  /** As a `ModelDescription` has it. */
  readonly id: string;
  readonly name: string;
  /** Absolute path of the weights at the time of training. */
  readonly path: string;
  /** Of the weights, in hexadecimal: features of any other file do not fit the head. */
  readonly sha256: string;
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
  /** What a person states of a checkpoint where its weights do not tell. */
  readonly architecture?: StatedArchitecture;
  /** What the files beside the weights leave open. */
  readonly assumed: readonly Assumption[];
  /** Class names by index; empty when the model has none. */
  readonly labels: readonly string[];
  /** What its numbers mean, where a file beside the weights says so. */
  readonly output?: StatedOutput;
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
