/** The ways in which well-known families of Vision Transformers prepare their images. */
import type { Preprocessing, Triple } from '../shared/preprocessing';

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
  | 'siglip'
  | 'dinov2'
  | 'dinov3'
  | 'torchvision'
  | 'torchvision-swag'
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

/** Both sides to the input, whatever the shape of the picture. */
function squashed(
  side: number,
  interpolation: Preprocessing['interpolation'],
  mean: Triple,
  std: Triple,
): Preprocessing {
  return { resize: { rule: 'squash' }, interpolation, crop: [side, side], rescale, mean, std };
}

/** timm's ViTs of 384 pixels and more are tested with the whole short side. */
function timmShare(side: number): number {
  return side >= 384 ? 1 : 0.9;
}

/** The presets in the order to offer them. */
export const presets: readonly Preset[] = [
  {
    id: 'timm',
    name: 'timm ViT',
    sentence:
      'Bicubic, centre crop of 90 % (all of it from 384 pixels on), mean and deviation 0.5: timm’s augreg ViTs and JAX ports.',
    preprocessing: (side) => cropped(side, timmShare(side), 'bicubic', half, half),
  },
  {
    id: 'timm-imagenet',
    name: 'timm DeiT, MAE, DINO',
    sentence:
      'Bicubic, centre crop of 90 % (all of it from 384 pixels on), ImageNet mean and deviation: DeiT, MAE and DINO in timm.',
    preprocessing: (side) => cropped(side, timmShare(side), 'bicubic', imagenetMean, imagenetStd),
  },
  {
    id: 'hugging-face-vit',
    name: 'Hugging Face ViT',
    sentence:
      'Squashed to the input bilinearly, mean and deviation 0.5: google/vit-* of Transformers.',
    preprocessing: (side) => squashed(side, 'bilinear', half, half),
  },
  {
    id: 'hugging-face-deit',
    name: 'Hugging Face DeiT',
    sentence:
      'Squashed to 8/7 of the input bicubically, then cropped, ImageNet mean and deviation.',
    preprocessing: (side) => ({
      resize: { rule: 'squash', size: [Math.floor((side * 8) / 7), Math.floor((side * 8) / 7)] },
      interpolation: 'bicubic',
      crop: [side, side],
      cropRounding: 'down',
      rescale,
      mean: imagenetMean,
      std: imagenetStd,
    }),
  },
  {
    id: 'siglip',
    name: 'Hugging Face SigLIP, BEiT',
    sentence: 'Squashed to the input bicubically, mean and deviation 0.5.',
    preprocessing: (side) => squashed(side, 'bicubic', half, half),
  },
  {
    id: 'dinov2',
    name: 'DINOv2',
    sentence:
      'Bicubic, short side to 8/7 of the input (to all of it from 384 pixels on), centre crop, ImageNet mean and deviation.',
    preprocessing: (side) =>
      cropped(side, side >= 384 ? 1 : 0.875, 'bicubic', imagenetMean, imagenetStd),
  },
  {
    id: 'dinov3',
    name: 'DINOv3',
    sentence: 'Squashed to the input bilinearly, ImageNet mean and deviation.',
    preprocessing: (side) => squashed(side, 'bilinear', imagenetMean, imagenetStd),
  },
  {
    id: 'torchvision',
    name: 'torchvision',
    sentence: 'Bilinear, short side to 8/7 of the input, centre crop, ImageNet mean and deviation.',
    preprocessing: (side) => cropped(side, 0.875, 'bilinear', imagenetMean, imagenetStd),
  },
  {
    id: 'torchvision-swag',
    name: 'torchvision, SWAG weights',
    sentence: 'Bicubic, short side to the input, centre crop, ImageNet mean and deviation.',
    preprocessing: (side) => cropped(side, 1, 'bicubic', imagenetMean, imagenetStd),
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
    preprocessing: (side) =>
      squashed(side, 'bilinear', [0.4914, 0.4822, 0.4465], [0.2023, 0.1994, 0.201]),
  },
];

/** The preset of an id. */
export function presetOf(id: PresetId): Preset {
  const preset = presets.find((candidate) => candidate.id === id);
  if (preset === undefined) throw new Error(`No preset ${id}`);
  return preset;
}
