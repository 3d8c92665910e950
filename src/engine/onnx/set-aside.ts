/**
 * Keeps large weights out of ONNX Runtime's optimiser: it only needs to know their shapes. That makes
 * preparing a model several times faster and takes far less memory.
 */
import { create, toBinary } from '@bufbuild/protobuf';
import { encodeConstant, encodePort, referConstant } from './encode';
import { decodeTensor } from './decode';
import type { Constant } from './constant';
import { rawLength } from './external-tensor';
import { ModelProtoSchema } from './onnx_pb';
import type { GraphProto, TensorProto } from './onnx_pb';

/** In bytes. Smaller weights may take part in constant folding, which needs their values. */
export const smallestSetAside = 2 ** 16;

/**
 * Takes the large right operands of products out of a graph, leaving an input of the same name and
 * shape in place of each. Other weights stay: folding may want to resize or transpose them.
 * @param folder where weights beside the model lie
 * @returns what was taken, for `putBack`.
 */
export function setAsideWeights(graph: GraphProto, folder: string): TensorProto[] {
  const others = new Set<string>();
  for (const node of graph.node) {
    const isProduct = node.domain === '' && (node.opType === 'MatMul' || node.opType === 'Gemm');
    for (const [i, input] of node.input.entries()) if (!isProduct || i !== 1) others.add(input);
  }
  const outputs = new Set(graph.output.map((output) => output.name));
  const isLarge = (tensor: TensorProto) =>
    tensor.dims.length === 2 &&
    rawLength(tensor) >= smallestSetAside &&
    !others.has(tensor.name) &&
    !outputs.has(tensor.name);
  const taken = graph.initializer.filter(isLarge);
  graph.initializer = graph.initializer.filter((tensor) => !isLarge(tensor));
  const ports = taken.map((tensor) => encodePort(decodeTensor(tensor, folder)));
  graph.input = [...graph.input, ...ports];
  return taken;
}

/** Puts the weights back where their names stand among the inputs. */
export function putBackWeights(graph: GraphProto, weights: readonly TensorProto[]): void {
  const names = new Set(weights.map((tensor) => tensor.name));
  graph.input = graph.input.filter((input) => !names.has(input.name));
  graph.initializer = [...graph.initializer, ...weights];
}

/**
 * A model whose weights were set aside, with them.
 * @param stored constants by name: those with their bytes in a file stay there, see `referConstant`
 * @param folder where weights beside the model lie
 */
export function withWeights(
  bytes: Uint8Array,
  weights: readonly TensorProto[],
  stored: ReadonlyMap<string, Constant>,
  folder: string,
): Uint8Array {
  const initializer = weights.map((tensor) => {
    const constant = stored.get(tensor.name);
    return constant ? referConstant(constant) : encodeConstant(decodeTensor(tensor, folder));
  });
  // Messages merge when concatenated.
  return Buffer.concat([
    bytes,
    toBinary(ModelProtoSchema, create(ModelProtoSchema, { graph: { initializer } })),
  ]);
}
