/** The input size that the positions of a checkpoint were trained for. */
import { readVitWeights } from './architecture/detect';
import { ArchitectureFacts } from './architecture/facts';
import { readModelConfig } from './architecture/model-config';
import type { VitWeights } from './architecture/vit-weights';
import { openCheckpoint } from './checkpoint/open-checkpoint';
import { EngineError } from '../engine-error';
import type { StatedArchitecture } from '../../shared/architecture';

/** Height and width in pixels. */
export function trainedSizeOf({ patch, position }: VitWeights): readonly [number, number] {
  const [, , height = 0, width = 0] = patch.weight.dims;
  return [position.grid[0] * height, position.grid[1] * width];
}

/** Of a file, of which the index alone is read; undefined where it is none that can be explained. */
export async function trainedSizeIn(
  checkpointPath: string,
  stated: StatedArchitecture = {},
): Promise<readonly [height: number, width: number] | undefined> {
  try {
    const { sets, fileName, close } = await openCheckpoint(checkpointPath);
    try {
      const { config } = await readModelConfig(checkpointPath);
      return trainedSizeOf(readVitWeights(sets, new ArchitectureFacts(stated, config, fileName)));
    } finally {
      await close();
    }
  } catch (error) {
    // Whoever opens the model says what is wrong with it.
    if (error instanceof EngineError) return undefined;
    throw error;
  }
}
