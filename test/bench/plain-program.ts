/** What methods are measured against: the model's own file, as ONNX Runtime runs it by itself. */
import { InferenceSession } from 'onnxruntime-node';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { ImageProgram } from '../../src/engine/image-program';

/**
 * The file with all of ONNX Runtime's own fusions, whatever our sessions leave out.
 * @param folder where it is put
 */
export async function plainProgram(
  file: string,
  inputDims: readonly number[],
  folder: string,
): Promise<ImageProgram> {
  const optimised = path.join(folder, 'plain.onnx');
  const session = await InferenceSession.create(file, {
    graphOptimizationLevel: 'all',
    optimizedModelFilePath: optimised,
    logSeverityLevel: 3,
  });
  const [input = ''] = session.inputNames;
  const { outputNames } = session;
  await session.release();
  return {
    model: readFileSync(optimised),
    weightsFolder: undefined,
    bytes: statSync(optimised).size,
    input,
    inputDims,
    outputs: outputNames.slice(0, 1),
  };
}
