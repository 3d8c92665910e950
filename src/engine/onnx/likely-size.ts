/** The input size that a model was most likely trained with, where its file leaves the size open. */
import type { GraphProto } from './onnx_pb';

export type ImageSize = readonly [height: number, width: number];

/** Where nothing tells. */
const usual: ImageSize = [224, 224];

/**
 * A guess from the position embedding: the only weight `[T, D]` or `[1, T, D]` whose D is that of the
 * patch convolution. It only chooses the size to try; what the tokens are is found in the graph.
 */
export function likelySize(graph: GraphProto): ImageSize {
  const dims = new Map(graph.initializer.map((tensor) => [tensor.name, tensor.dims.map(Number)]));
  const convolution = graph.node.find((node) => node.opType === 'Conv');
  const [features, , height, width] = dims.get(convolution?.input[1] ?? '') ?? [];
  if (features === undefined || height === undefined || width === undefined) return usual;
  const added = new Set(graph.node.flatMap((node) => (node.opType === 'Add' ? node.input : [])));
  const lengths = [...dims].flatMap(([name, shape]) => {
    const [tokens, last, ...rest] = shape.length === 3 && shape[0] === 1 ? shape.slice(1) : shape;
    const fits = last === features && rest.length === 0 && (shape.length === 3 || added.has(name));
    // Class and register tokens are few.
    return fits && tokens !== undefined && tokens > 9 ? [tokens] : [];
  });
  const [tokens, ...others] = new Set(lengths);
  if (tokens === undefined || others.length > 0) return usual;
  const side = Math.floor(Math.sqrt(tokens));
  return [side * height, side * width];
}
