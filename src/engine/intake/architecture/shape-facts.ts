/** Facts that weights alone don't tell, and where else they are found. */
import type { ModelConfig } from './model-config';
import type { StateDictReader } from './state-dict-reader';
import type { Activation, PositionEmbedding, PositionResize } from './vit-weights';
import type { CheckpointTensor } from '../checkpoint/tensor';
import { EngineError } from '../../engine-error';

/** Heads of the published sizes (ViT, DeiT, MAE, DINOv2, CLIP, SigLIP) by token width. */
const publishedHeads: ReadonlyMap<number, number> = new Map([
  [192, 3],
  [384, 6],
  [768, 12],
  [1024, 16],
  [1152, 16],
  [1280, 16],
  [1408, 16],
  [1664, 16],
]);

/**
 * Number of attention heads: no tensor shows it, and a wrong one gives wrong maps.
 * @throws EngineError `model-unreadable` if neither the config nor the published sizes tell it.
 */
export function headsOf(dim: number, config: ModelConfig, fileName: string): number {
  const heads = config.number('num_attention_heads', 'num_heads') ?? publishedHeads.get(dim);
  if (heads !== undefined && Number.isInteger(heads) && heads > 0 && dim % heads === 0) {
    return heads;
  }
  throw new EngineError(
    'model-unreadable',
    heads === undefined
      ? `How many attention heads “${fileName}” has can't be told from its weights (width ${dim}), and nothing else says it (${config.origin}).`
      : `${config.origin} says ${heads} attention heads for “${fileName}”, which don't divide its width ${dim}.`,
    'Put a config.json with "num_attention_heads" beside the checkpoint.',
  );
}

/** Activation by its name in a config. @throws EngineError `model-unreadable` if it is none of the known ones. */
export function activationOf(config: ModelConfig, usual: Activation): Activation {
  const name = config.text('hidden_act', 'act_layer');
  if (name === undefined) {
    return config.text('architecture')?.includes('quickgelu') ? 'quick-gelu' : usual;
  }
  const activation = activations.get(name);
  if (activation) return activation;
  throw new EngineError(
    'model-unreadable',
    `${config.origin} names the activation “${name}”, which is not known here.`,
    'Export the model to ONNX; any ViT in ONNX is explained as it is.',
  );
}

const activations: ReadonlyMap<string, Activation> = new Map<string, Activation>([
  ['gelu', 'gelu'],
  ['gelu_new', 'gelu-tanh'],
  ['gelu_tanh', 'gelu-tanh'],
  ['gelu_pytorch_tanh', 'gelu-tanh'],
  ['quick_gelu', 'quick-gelu'],
  ['relu', 'relu'],
]);

/**
 * The position embedding with its grid: square, as all published ones are, unless the config's
 * image size says otherwise.
 * @param prefixes how many rows may stand before the patches', the likeliest first.
 */
export function positionOf(
  tensor: CheckpointTensor,
  prefixes: readonly number[],
  patch: readonly [number, number],
  config: ModelConfig,
  resize: PositionResize,
): PositionEmbedding {
  const [count = 0] = tensor.dims;
  for (const prefix of prefixes) {
    const side = Math.round(Math.sqrt(count - prefix));
    if (side > 0 && side * side === count - prefix) {
      return { tensor, prefix, grid: [side, side], resize };
    }
  }
  const [height, width] = config.size('img_size', 'image_size') ?? [0, 0];
  const grid: [number, number] = [Math.floor(height / patch[0]), Math.floor(width / patch[1])];
  const prefix = prefixes.find((candidate) => count - candidate === grid[0] * grid[1]);
  if (prefix !== undefined && grid[0] > 0) return { tensor, prefix, grid, resize };
  throw new EngineError(
    'model-unreadable',
    `The position embedding “${tensor.name}” of “${tensor.source.fileName}” has ${count} rows, which make no square grid of patches.`,
    'Put a config.json with "image_size": [height, width] beside the checkpoint.',
  );
}

/** Width of the tokens and size of a patch, from the patch convolution. */
export function patchFacts(
  state: StateDictReader,
  name: string,
): {
  dim: number;
  patchSize: readonly [number, number];
  patch: { weight: CheckpointTensor; bias: CheckpointTensor | undefined };
} {
  const weight = state.tensor(`${name}.weight`);
  const [dim = 0, channels = 0, height = 0, width = 0] = weight.dims;
  state.tensor(`${name}.weight`, [dim, 3, height, width]);
  if (channels !== 3 || height === 0 || width === 0) {
    throw new EngineError(
      'model-not-a-vit',
      `The patch embedding of “${state.fileName}” reads ${channels} channels; images have three.`,
      'Choose a model for colour images.',
    );
  }
  return {
    dim,
    patchSize: [height, width],
    patch: { weight, bias: state.optional(`${name}.bias`, [dim]) },
  };
}
