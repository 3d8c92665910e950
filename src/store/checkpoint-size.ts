/** The input size of a checkpoint that nothing beside it states. */
import path from 'node:path';
import { trainedSizeIn } from '../engine/intake/trained-size';
import type { StatedArchitecture } from '../shared/architecture';
import type { ModelConfig } from './preprocessing/beside';

/** DINOv2 is trained for large pictures at the end, and used with 224 pixels: its code resizes the positions. */
const resizing = /dinov[23]|register_tokens|reg_token|mask_token/;

/**
 * Height and width that the positions in the weights were trained for.
 * @param names of the tensors
 * @returns undefined where a configuration states a size, and for files that are no such checkpoint
 */
export async function checkpointSize(
  file: string,
  names: string,
  config: ModelConfig,
  architecture: StatedArchitecture | undefined,
): Promise<readonly [height: number, width: number] | undefined> {
  const isOnnx = path.extname(file).toLowerCase() === '.onnx';
  if (isOnnx || config.imageSize !== undefined || resizing.test(names)) return undefined;
  return await trainedSizeIn(file, architecture);
}
