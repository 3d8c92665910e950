/** The ways in which well-known families of Vision Transformers prepare their images. */
import type { Preprocessing } from '../shared/model';

type Triple = readonly [number, number, number];

/** A family's way of preparing images, for models that do not say it themselves. */
export interface Preset {
  readonly id: PresetId;
  readonly name: string;
  /** One sentence for whoever has to choose. */
  readonly sentence: string;
  /** The preset for a model whose square input has this many pixels a side. */
  readonly preprocessing: (side: number) => Preprocessing;
}

export type PresetId =
  | 'timm'
  | 'timm-imagenet'
  | 'hugging-face-vit'
  | 'hugging-face-deit'
  | 'dinov2'
  | 'torchvision'
  | 'clip'
  | 'cifar';

const half: Triple = [0.5, 0.5, 0.5];
const imagenetMean: Triple = [0.485, 0.456, 0.406];
const imagenetStd: Triple = [0.229, 0.224, 0.225];
const rescale = 1 / 255;

/** `shortest-edge` with the share of the picture that the crop keeps, rounded down as timm does. */
function cropped(
  side: number,
  cropShare: number,
  interpolation: Preprocessing['interpolation'],
  mean: Triple,
  std: Triple,
): Preprocessing {
  const size = Math.floor(side / cropShare);
  return {
    resize: { rule: 'shortest-edge', size },
    interpolation,
    crop: [side, side],
    rescale,
    mean,
    std,
  };
}

/** The presets in the order to offer them. */
export const presets: readonly Preset[] = [
  {
    id: 'timm',
    name: 'timm ViT',
    sentence:
      'Bicubic, centre crop of 90 %, mean and deviation 0.5: timm’s augreg ViTs and JAX ports.',
    preprocessing: (side) => cropped(side, 0.9, 'bicubic', half, half),
  },
  {
    id: 'timm-imagenet',
    name: 'timm DeiT, MAE, DINO',
    sentence:
      'Bicubic, centre crop of 90 %, ImageNet mean and deviation: DeiT, MAE and DINO in timm.',
    preprocessing: (side) => cropped(side, 0.9, 'bicubic', imagenetMean, imagenetStd),
  },
  {
    id: 'hugging-face-vit',
    name: 'Hugging Face ViT',
    sentence:
      'Squashed to the input bilinearly, mean and deviation 0.5: google/vit-* of Transformers.',
    preprocessing: (side) => ({
      resize: { rule: 'squash' },
      interpolation: 'bilinear',
      crop: [side, side],
      rescale,
      mean: half,
      std: half,
    }),
  },
  {
    id: 'hugging-face-deit',
    name: 'Hugging Face DeiT',
    sentence:
      'Squashed to 8/7 of the input bicubically, then cropped, ImageNet mean and deviation.',
    preprocessing: (side) => ({
      resize: { rule: 'squash', size: [Math.round((side * 8) / 7), Math.round((side * 8) / 7)] },
      interpolation: 'bicubic',
      crop: [side, side],
      rescale,
      mean: imagenetMean,
      std: imagenetStd,
    }),
  },
  {
    id: 'dinov2',
    name: 'DINOv2',
    sentence: 'Bicubic, short side to 8/7 of the input, centre crop, ImageNet mean and deviation.',
    preprocessing: (side) => cropped(side, 0.875, 'bicubic', imagenetMean, imagenetStd),
  },
  {
    id: 'torchvision',
    name: 'torchvision',
    sentence: 'Bilinear, short side to 8/7 of the input, centre crop, ImageNet mean and deviation.',
    preprocessing: (side) => cropped(side, 0.875, 'bilinear', imagenetMean, imagenetStd),
  },
  {
    id: 'clip',
    name: 'CLIP',
    sentence: 'Bicubic, short side to the input, centre crop, CLIP’s own mean and deviation.',
    preprocessing: (side) =>
      cropped(
        side,
        1,
        'bicubic',
        [0.48145466, 0.4578275, 0.40821073],
        [0.26862954, 0.26130258, 0.27577711],
      ),
  },
  {
    id: 'cifar',
    name: 'CIFAR-10',
    sentence: 'Squashed to the small input bilinearly, mean and deviation of CIFAR-10.',
    preprocessing: (side) => ({
      resize: { rule: 'squash' },
      interpolation: 'bilinear',
      crop: [side, side],
      rescale,
      mean: [0.4914, 0.4822, 0.4465],
      std: [0.2023, 0.1994, 0.201],
    }),
  },
];

/** The preset of an id. */
export function presetOf(id: PresetId): Preset {
  const preset = presets.find((candidate) => candidate.id === id);
  if (preset === undefined) {
    throw new Error(`No preset ${id}`);
  }
  return preset;
}

/**
 * The same preprocessing for another input size: a model's own input decides, whatever its
 * configuration says, and the resize before the crop keeps its proportion to the crop.
 * @param input height and width that the opened model takes
 */
export function preprocessingForInput(
  preprocessing: Preprocessing,
  input: readonly [height: number, width: number],
): Preprocessing {
  const { crop, resize } = preprocessing;
  const [height, width] = input;
  if (crop[0] === height && crop[1] === width) {
    return preprocessing;
  }
  if (resize.rule === 'shortest-edge') {
    const size = Math.round((resize.size * Math.min(height, width)) / Math.min(...crop));
    return { ...preprocessing, crop: input, resize: { rule: 'shortest-edge', size } };
  }
  if (resize.size === undefined) {
    return { ...preprocessing, crop: input };
  }
  const size = [
    Math.round((resize.size[0] * height) / crop[0]),
    Math.round((resize.size[1] * width) / crop[1]),
  ] as const;
  return { ...preprocessing, crop: input, resize: { rule: 'squash', size } };
}
