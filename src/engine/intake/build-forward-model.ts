/** From a checkpoint (safetensors, PyTorch) to an ONNX model in the cache, ready to be explained. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { readVitWeights } from './architecture/detect';
import { ArchitectureFacts } from './architecture/facts';
import { readModelConfig } from './architecture/model-config';
import type { HeadWeights, VitWeights } from './architecture/vit-weights';
import { openCheckpoint } from './checkpoint/open-checkpoint';
import { buildForward } from './forward/build-forward';
import { forwardFiles, writeForward } from './forward/write-forward';
import { trainedSizeOf } from './trained-size';
import { EngineError } from '../engine-error';
import { areThereWhole } from '../cache/noted-files';
import { identityOf } from '../identity/identity';
import type { StatedArchitecture } from '../../shared/architecture';
import type { Assumption } from '../../shared/assumption';

/** Part of the cache key: raise it when the graph that is built changes. */
const builderVersion = 3;

/** `logits`: the classes. `features`: what a head reads (CLS token, patch mean, both, or CLIP's projection). */
export type ForwardOutput = 'logits' | 'features';

export interface BuildOptions {
  /** Where the ONNX model is kept; made if it is not there. */
  readonly cacheFolder: string;
  /** Height and width in pixels; the position embedding is interpolated to it. By default the trained size. */
  readonly inputSize?: readonly [height: number, width: number];
  /** `identityOf` it, where it is known already. */
  readonly sha256?: string;
  /** `logits` by default. */
  readonly output?: ForwardOutput;
  /** What a person says of it; goes before the config and every guess. */
  readonly stated?: StatedArchitecture;
}

export interface BuiltModel {
  /** `pixel_values` [batch, 3, H, W] to `logits` [batch, classes] or `features` [batch, width]. */
  readonly onnxPath: string;
  /** For a person: `ViT`, `DINOv2 with registers`. */
  readonly architecture: string;
  readonly inputSize: readonly [height: number, width: number];
  /** The size that the position embedding was trained for. */
  readonly trainedSize: readonly [height: number, width: number];
  /** Classes or features that the model gives. */
  readonly width: number;
  /** What neither the weights nor the files beside them decide. */
  readonly assumed: readonly Assumption[];
}

/**
 * Builds the model once from a checkpoint, or from the index of one in several parts; later calls find it in the cache by identity, config, what is stated, input size and output.
 * @throws EngineError `model-unreadable` if the file is damaged, holds more than weights or lacks
 * facts; `model-not-a-vit` if it is no known Vision Transformer or has no head; `cache-unwritable`
 */
export async function buildForwardModel(
  checkpointPath: string,
  options: BuildOptions,
): Promise<BuiltModel> {
  const { sets, fileName, close } = await openCheckpoint(checkpointPath);
  try {
    const { config, text } = await readModelConfig(checkpointPath);
    const facts = new ArchitectureFacts(options.stated ?? {}, config, fileName);
    const weights = readVitWeights(sets, facts);
    const head = headFor(weights, options.output ?? 'logits', fileName);
    const trainedSize = trainedSizeOf(weights);
    const inputSize = options.inputSize ?? trainedSize;
    checkInputSize(weights, inputSize, fileName);
    const model = buildForward(weights, inputSize, head);
    const checksum =
      options.sha256 ?? (await identityOf(checkpointPath, options.cacheFolder, options.stated));
    const key = createHash('sha256')
      .update(
        JSON.stringify([
          builderVersion,
          checksum,
          text,
          options.stated ?? {},
          inputSize,
          model.output.name,
        ]),
      )
      .digest('hex');
    const onnxPath = path.join(options.cacheFolder, `forward-${key.slice(0, 32)}.onnx`);
    if (!(await areThereWhole(forwardFiles(onnxPath)))) await writeForward(model, onnxPath);
    const { architecture } = weights;
    const { width } = model;
    return { onnxPath, architecture, inputSize, trainedSize, width, assumed: facts.assumed };
  } finally {
    await close();
  }
}

function headFor(
  weights: VitWeights,
  output: ForwardOutput,
  fileName: string,
): HeadWeights | undefined {
  if (output === 'features') return undefined;
  if (weights.head) return weights.head;
  throw new EngineError(
    'model-not-a-vit',
    `“${fileName}” is a backbone (${weights.architecture}) without a classifier: there are no classes to explain.`,
    'Train a linear probe on a folder of your images, or take a fine-tuned file of this model.',
  );
}

function checkInputSize(
  { patch }: VitWeights,
  [height, width]: readonly [number, number],
  fileName: string,
): void {
  const [, , patchHeight = 1, patchWidth = 1] = patch.weight.dims;
  const fits = (size: number, step: number) =>
    Number.isInteger(size) && size > 0 && size % step === 0;
  if (fits(height, patchHeight) && fits(width, patchWidth)) return;
  throw new EngineError(
    'model-unreadable',
    `“${fileName}” cuts images into patches of ${patchHeight} × ${patchWidth} pixels, which an input of ${height} × ${width} is not a multiple of.`,
    `Set the crop size in the model's preprocessing to a multiple, such as ${nearest(height, patchHeight)} × ${nearest(width, patchWidth)}.`,
  );
}

function nearest(size: number, step: number): number {
  return Math.max(1, Math.round(size / step)) * step;
}
