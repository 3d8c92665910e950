/**
 * What the image processors of Hugging Face's Transformers do where a file does not say it: the
 * defaults of each class. Source: the documentation and behaviour of Transformers 4 and 5.
 */
import { ownValue } from '../../shared/own-value';
import type { Preprocessing, Triple } from '../../shared/preprocessing';

export interface ProcessorDefaults {
  /** Pixels of `size`. */
  readonly size: number;
  /** Whether a single number means both sides, or the short one. */
  readonly square: boolean;
  readonly resample: Preprocessing['interpolation'];
  readonly mean: Triple;
  readonly std: Triple;
  /** Pixels of `crop_size`; absent of classes that do not crop. */
  readonly crop?: number;
  /** Only where it says nothing of `do_normalize`. */
  readonly normalises?: false;
  readonly flipsChannels?: true;
  /** Of classes that enlarge `size` before their crop. */
  readonly enlarges?: 'convnext' | 'poolformer' | 'levit';
}

const half = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] } as const;
const imagenet = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;
const clip = {
  mean: [0.48145466, 0.4578275, 0.40821073],
  std: [0.26862954, 0.26130258, 0.27577711],
} as const;

const vit: ProcessorDefaults = { size: 224, square: true, resample: 'bilinear', ...half };
const cropping = { size: 224, square: false, resample: 'bicubic', crop: 224 } as const;

/** By the class's name without `ImageProcessor` or `FeatureExtractor`. */
const processors: Readonly<Record<string, ProcessorDefaults>> = {
  ViT: vit,
  DeiT: { ...cropping, size: 256, square: true, ...half },
  CLIP: { ...cropping, ...clip },
  ChineseCLIP: { ...cropping, ...clip },
  Bit: { ...cropping, ...clip },
  ViTHybrid: { ...cropping, ...clip },
  Flava: { ...cropping, square: true, ...clip },
  Beit: { ...cropping, size: 256, square: true, ...half },
  Siglip: { ...vit, resample: 'bicubic' },
  Blip: { size: 384, square: true, resample: 'bicubic', ...clip },
  Pvt: { ...vit, ...imagenet },
  Segformer: { ...vit, size: 512, ...imagenet },
  DINOv3ViT: { ...vit, ...imagenet },
  Levit: { ...cropping, ...imagenet, enlarges: 'levit' },
  PoolFormer: { ...cropping, ...imagenet, enlarges: 'poolformer' },
  ConvNext: { size: 384, square: false, resample: 'bilinear', ...half, enlarges: 'convnext' },
  MobileNetV1: { ...cropping, size: 256, resample: 'bilinear', ...half },
  MobileNetV2: { ...cropping, size: 256, resample: 'bilinear', ...half },
  MobileViT: {
    ...cropping,
    resample: 'bilinear',
    crop: 256,
    ...half,
    normalises: false,
    flipsChannels: true,
  },
};

/** Where the fast class has other defaults than the slow one. */
const fastProcessors: Readonly<Record<string, ProcessorDefaults>> = {
  Beit: { ...vit, resample: 'bicubic' },
  Pvt: { ...vit, resample: 'bicubic', ...imagenet },
};

/** The class that Transformers takes for a model whose files name none. */
const classOfModel: Readonly<Record<string, string>> = {
  vit: 'ViT',
  vit_mae: 'ViT',
  vit_msn: 'ViT',
  ijepa: 'ViT',
  swin: 'ViT',
  swinv2: 'ViT',
  deit: 'DeiT',
  clip: 'CLIP',
  clip_vision_model: 'CLIP',
  dinov2: 'Bit',
  dinov2_with_registers: 'Bit',
  dinov3_vit: 'DINOv3ViT',
  vit_hybrid: 'ViTHybrid',
  beit: 'Beit',
  'data2vec-vision': 'Beit',
  siglip: 'Siglip',
  siglip_vision_model: 'Siglip',
  blip: 'Blip',
  pvt: 'Pvt',
  levit: 'Levit',
  poolformer: 'PoolFormer',
  mobilevit: 'MobileViT',
  mobilevitv2: 'MobileViT',
};

export interface Processor {
  /** Its name as a person knows it: `ViTImageProcessorFast`. */
  readonly name: string;
  /** Of the processors that compute with torchvision. */
  readonly fast: boolean;
  /** Undefined where no class of this name is known. */
  readonly defaults: ProcessorDefaults | undefined;
}

/** @param name e.g. `ViTImageProcessor`, `DeiTFeatureExtractor`, `CLIPImageProcessorFast` */
export function processorNamed(name: string): Processor {
  const [, stem = '', backend] =
    /^(.+?)(?:ImageProcessor|FeatureExtractor)(Fast|Pil)?$/.exec(name) ?? [];
  const fast = backend === 'Fast';
  const ofFast = fast ? ownValue(fastProcessors, stem) : undefined;
  return { name, fast, defaults: ofFast ?? ownValue(processors, stem) };
}

/** @param modelType `model_type` of `config.json` */
export function processorOfModel(modelType: string): Processor | undefined {
  const stem = ownValue(classOfModel, modelType);
  return stem === undefined ? undefined : processorNamed(`${stem}ImageProcessor`);
}

/** What a file is read by that names no class, or one that is not known. */
export const anyProcessor = vit;
