import type { ImageProgram } from '../image-program';
import { encodeGraph } from '../onnx/encode-graph';
import { storedFolder } from '../onnx/stored-weights';
import { sessionBytes } from '../memory/session-bytes';
import type { Backbone } from './attach-head';

/** Pictures in, features `[1, F]` out. */
export function featureProgram({ graph, features }: Backbone): ImageProgram {
  const [input] = graph.inputs;
  return {
    model: encodeGraph(graph, 'beside'),
    weightsFolder: storedFolder(graph),
    bytes: sessionBytes({
      nodes: graph.nodes,
      isConstant: (name) => graph.constants.has(name),
      shape: (name) => graph.shapes.get(name) ?? [],
    }),
    input: input?.name ?? '',
    inputDims: input?.dims ?? [],
    outputs: [features],
  };
}
