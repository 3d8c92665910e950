import type { ImageProgram } from '../image-program';
import { encodeGraph } from '../onnx/encode-graph';
import { storedFolder } from '../onnx/stored-weights';
import { weightBytes } from '../onnx/tensor-bytes';
import type { Backbone } from './attach-head';

/** Pictures in, features `[1, F]` out. */
export function featureProgram({ graph, features }: Backbone): ImageProgram {
  const [input] = graph.inputs;
  return {
    model: encodeGraph(graph, 'beside'),
    weightsFolder: storedFolder(graph),
    weightBytes: weightBytes(graph),
    input: input?.name ?? '',
    inputDims: input?.dims ?? [],
    outputs: [features],
  };
}
