/** Records forward run and map of a method as one program. */
import type { MethodOptions } from '../shared/explanation';
import { attributionModel } from './backward/attribution-model';
import { jointModel } from './backward/joint-model';
import { modelBytes } from './onnx/model-parts';
import type { ImageProgram } from './image-program';
import { Attribution } from './methods/attribution';
import type { Method } from './methods/method';
import type { Graph } from './onnx/graph';
import { storedFolder } from './onnx/stored-weights';
import { weightBytes } from './onnx/tensor-bytes';
import type { VitStructure } from './vit/structure';

/**
 * @returns undefined for methods that trace a class or need several images, and for those that
 * cannot run on this model
 * @throws EngineError `model-unknown-op`
 */
export function imageProgram(
  graph: Graph,
  structure: VitStructure,
  method: Method,
  options: MethodOptions,
): ImageProgram | undefined {
  if (method.images || method.unavailable?.(structure) !== undefined) return undefined;
  const attribution = new Attribution(graph, structure, 'all');
  const model = attributionModel(attribution.tape, method.record(attribution, options));
  const parts = jointModel(graph, model, structure.logits);
  if (!parts) return undefined;
  const { pixels, inputSize, logits } = structure;
  return {
    model: modelBytes(parts),
    weightsFolder: storedFolder(graph),
    weightBytes: weightBytes(graph),
    input: pixels,
    inputDims: [1, 3, ...inputSize],
    outputs: [logits, model.output],
  };
}
