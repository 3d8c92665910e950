/** A guess at how a model's images are prepared, for a model that nothing describes. */
import type { ModelConfig } from './preprocessing/beside';
import { preprocessingForInput } from './preprocessing/for-input';
import { presetOf, type PresetId } from './presets';
import { ownValue } from '../shared/own-value';
import type { Preprocessing } from '../shared/preprocessing';
import type { WeightEvidence } from './weight-evidence';

export interface PreprocessingGuess {
  readonly preset: PresetId;
  readonly preprocessing: Preprocessing;
  /** One sentence that says what the guess rests on. */
  readonly reason: string;
}

interface Clue {
  readonly preset: PresetId;
  readonly pattern: RegExp;
  readonly reason: string;
}

/** Exporters write a module path with dots, slashes or underscores between its parts. */
const cluesInNames: readonly Clue[] = [
  {
    preset: 'clip',
    pattern:
      /visual[./_]transformer[./_]resblocks|vision_model[./_](encoder|embeddings)|clip_visual/,
    reason: 'its tensors are named as in CLIP',
  },
  {
    preset: 'dinov3',
    pattern: /storage_tokens|rope_embed[./_]periods|dinov3/i,
    reason: 'its tensors are named as in DINOv3',
  },
  {
    preset: 'dinov2',
    pattern: /register_tokens|reg_token|dinov2/i,
    reason: 'its tensors are named as in DINOv2',
  },
  {
    preset: 'torchvision',
    pattern: /encoder_layer_\d|conv_proj/,
    reason: 'its tensors are named as in torchvision',
  },
  {
    preset: 'hugging-face-deit',
    pattern: /deit[./_](encoder|embeddings)/,
    reason: 'its tensors are named as in Hugging Face’s DeiT',
  },
  {
    preset: 'hugging-face-vit',
    pattern:
      /encoder[./_]layer[./_]\d+[./_]attention|layernorm_before|patch_embeddings[./_]projection/,
    reason: 'its tensors are named as in Hugging Face’s ViT',
  },
];

const cluesInFileName: readonly Clue[] = [
  { preset: 'timm-imagenet', pattern: /deit|mae|dino/i, reason: 'its name says DeiT, MAE or DINO' },
  { preset: 'clip', pattern: /clip/i, reason: 'its name says CLIP' },
];

const timmNames = /blocks[./_]\d+[./_]attn|patch_embed[./_]proj/;

/** By `model_type` of Hugging Face's `config.json`. */
const presetOfModel: Readonly<Record<string, PresetId>> = {
  vit: 'hugging-face-vit',
  vit_mae: 'hugging-face-vit',
  vit_msn: 'hugging-face-vit',
  ijepa: 'hugging-face-vit',
  deit: 'hugging-face-deit',
  clip: 'clip',
  clip_vision_model: 'clip',
  siglip: 'siglip',
  siglip_vision_model: 'siglip',
  beit: 'siglip',
  'data2vec-vision': 'siglip',
  dinov2: 'dinov2',
  dinov2_with_registers: 'dinov2',
  dinov3_vit: 'dinov3',
};

/**
 * @param fileName without its folder: it can be a clue too
 * @param config what the model's own configuration says, which goes before any name
 */
export function guessPreprocessing(
  fileName: string,
  evidence: WeightEvidence,
  config: ModelConfig,
): PreprocessingGuess {
  const input = evidence.input ?? config.imageSize ?? [224, 224];
  const { preset, reason } = choosePreset(fileName, evidence.names, input, config);
  const preprocessing = preprocessingForInput(
    presetOf(preset).preprocessing(Math.min(...input)),
    input,
  );
  return { preset, preprocessing, reason };
}

function choosePreset(
  fileName: string,
  names: string,
  input: readonly [number, number],
  { modelType = '' }: ModelConfig,
): { preset: PresetId; reason: string } {
  const ofModel = ownValue(presetOfModel, modelType);
  if (ofModel !== undefined)
    return { preset: ofModel, reason: `config.json says that it is a model of type ${modelType}` };
  if (Math.max(...input) <= 64)
    return { preset: 'cifar', reason: `its input has only ${input[0]} × ${input[1]} pixels` };
  const clue =
    cluesInNames.find(({ pattern }) => pattern.test(names)) ??
    cluesInFileName.find(({ pattern }) => pattern.test(fileName));
  if (clue?.preset === 'torchvision' && Math.min(...input) >= 384) {
    // torchvision's other weights have 224 pixels.
    return { preset: 'torchvision-swag', reason: `${clue.reason}, and its input is large` };
  }
  if (clue !== undefined) return clue;
  return timmNames.test(names)
    ? { preset: 'timm', reason: 'its tensors are named as in timm' }
    : {
        preset: 'timm',
        reason: 'nothing in the file tells its origin, and timm is the most common',
      };
}
