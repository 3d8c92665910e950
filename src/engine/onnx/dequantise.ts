/** Quantised weights as float32, where that changes nothing; refused where activations are rounded. */
import { create } from '@bufbuild/protobuf';
import { EngineError } from '../engine-error';
import { decodeTensor } from './decode';
import type { Constant } from './constant';
import { NodeProtoSchema, TensorProto_DataType as DataType, TensorProtoSchema } from './onnx_pb';
import type { GraphProto, NodeProto, TensorProto } from './onnx_pb';
import { floatBytes, sizeOf, toNumbers } from './tensor-bytes';

/** Operators that round activations, or whose packed weights are not read here. */
const refusedOps =
  /^(QuantizeLinear|DynamicQuantize\w*|MatMulInteger\w*|ConvInteger|QLinear\w+|QGemm|QAttention|QMoE|MatMulBnb4|GatherBlockQuantized)$/;

/**
 * Replaces weights that are stored as integers by their float32 values, in place. A weight
 * `(q − zero point) · scale` is exactly what the quantised model computes with.
 * @param folder where weights beside the model lie
 * @throws EngineError `model-quantised` if the model rounds activations: its output is then a
 * staircase without useful derivatives.
 */
export function dequantiseWeights(graph: GraphProto, folder: string): void {
  if (!graph.node.some((node) => isQuantised(node))) return;
  const constants = constantTensors(graph, folder);
  const nodes: NodeProto[] = [];
  for (const node of graph.node) {
    if (refusedOps.test(node.opType)) throw refused(node);
    if (node.opType === 'DequantizeLinear') graph.initializer.push(dequantised(node, constants));
    else if (node.opType === 'MatMulNBits') nodes.push(...unpackedProduct(node, graph, constants));
    else nodes.push(node);
  }
  graph.node = nodes;
}

function isQuantised(node: NodeProto): boolean {
  return ['DequantizeLinear', 'MatMulNBits'].includes(node.opType) || refusedOps.test(node.opType);
}

/** Constants by name. */
interface Constants {
  readonly folder: string;
  readonly tensors: ReadonlyMap<string, TensorProto>;
}

function constantTensors(graph: GraphProto, folder: string): Constants {
  const tensors = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  for (const node of graph.node) {
    const tensor = node.opType === 'Constant' ? node.attribute[0]?.t : undefined;
    const [output] = node.output;
    if (tensor && output !== undefined) tensors.set(output, tensor);
  }
  return { folder, tensors };
}

function constantInput(
  node: NodeProto,
  index: number,
  { folder, tensors }: Constants,
): Constant | undefined {
  const name = node.input[index] ?? '';
  if (name === '') return undefined;
  const tensor = tensors.get(name);
  if (!tensor) throw refused(node);
  return decodeTensor(tensor, folder);
}

function attribute(node: NodeProto, name: string, otherwise: number): number {
  const found = node.attribute.find((candidate) => candidate.name === name);
  return found ? Number(found.i) : otherwise;
}

/** The float32 value of a DequantizeLinear of a weight: per tensor, per axis or per block. */
function dequantised(node: NodeProto, constants: Constants): TensorProto {
  const weight = constantInput(node, 0, constants);
  const scale = constantInput(node, 1, constants);
  if (!weight || !scale) throw refused(node);
  const zeroPoint = constantInput(node, 2, constants);
  const given = attribute(node, 'axis', 1);
  const axis = given < 0 ? given + weight.dims.length : given;
  const block = attribute(node, 'block_size', 0);
  const inner = sizeOf(weight.dims.slice(axis + 1));
  const size = weight.dims[axis] ?? 1;
  const scales = toNumbers(scale);
  const zeros = zeroPoint && toNumbers(zeroPoint);
  const perAxis = scale.dims.length > 0 && scales.length > 1;
  const blocks = block > 0 ? Math.ceil(size / block) : size;
  const quantised = integers(weight);
  if (!quantised) throw refused(node);
  const values = Float32Array.from(quantised, (q, i) => {
    const along = Math.floor(i / inner) % size;
    const at = !perAxis
      ? 0
      : block > 0
        ? (Math.floor(i / (inner * size)) * blocks + Math.floor(along / block)) * inner +
          (i % inner)
        : along;
    return Math.fround(q - (zeros?.[at] ?? 0)) * (scales[at] ?? 0);
  });
  return floatTensor(node.output[0] ?? '', weight.dims, values);
}

/**
 * `x · Wᵀ` of com.microsoft.MatMulNBits with the weights unpacked: N rows of K numbers of 4 or 8
 * bits in blocks, each block with a scale and a zero point (half the range by default).
 */
function unpackedProduct(node: NodeProto, graph: GraphProto, constants: Constants): NodeProto[] {
  const [rows, columns] = [attribute(node, 'N', 0), attribute(node, 'K', 0)];
  const [bits, block] = [attribute(node, 'bits', 4), attribute(node, 'block_size', 32)];
  const packed = constantInput(node, 1, constants);
  const scale = constantInput(node, 2, constants);
  const zeroPoint = constantInput(node, 3, constants);
  const grouped = (node.input[4] ?? '') !== '';
  if (!packed || !scale || grouped || (bits !== 4 && bits !== 8)) throw refused(node);
  if (zeroPoint && zeroPoint.type !== 'uint8') throw refused(node);
  const perByte = 8 / bits;
  const blocks = Math.ceil(columns / block);
  const blockBytes = (block * bits) / 8;
  const zeroBytes = Math.ceil(blocks / perByte);
  const scales = toNumbers(scale);
  const number = (bytes: Uint8Array, start: number, i: number) => {
    const byte = bytes[start + Math.floor(i / perByte)] ?? 0;
    return bits === 8 ? byte : (byte >> (4 * (i % 2))) & 15;
  };
  const { data } = packed;
  const zeros = zeroPoint?.data;
  // Stored the other way round, so that the product needs no transposition.
  const values = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = Math.floor(column / block);
      const q = number(data, (row * blocks + at) * blockBytes, column % block);
      const zero = zeros ? number(zeros, row * zeroBytes, at) : 2 ** (bits - 1);
      values[column * rows + row] = (q - zero) * (scales[row * blocks + at] ?? 0);
    }
  }
  const [output = ''] = node.output;
  const weight = `${output}/unpacked`;
  graph.initializer.push(floatTensor(weight, [columns, rows], values));
  const bias = node.input[5] ?? '';
  const product = bias === '' ? output : `${output}/product`;
  const matmul = create(NodeProtoSchema, {
    name: node.name,
    opType: 'MatMul',
    input: [node.input[0] ?? '', weight],
    output: [product],
  });
  if (bias === '') return [matmul];
  return [
    matmul,
    create(NodeProtoSchema, {
      name: `${node.name}/bias`,
      opType: 'Add',
      input: [product, bias],
      output: [output],
    }),
  ];
}

/** The stored integers of a weight. */
function integers({ type, data }: Constant): ArrayLike<number> | undefined {
  if (type === 'uint8') return data;
  if (type === 'int8') return new Int8Array(data.buffer, data.byteOffset, data.byteLength);
  return type === 'int32' ? new Int32Array(data.slice().buffer) : undefined;
}

function floatTensor(name: string, dims: readonly number[], values: Float32Array): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dims: dims.map(BigInt),
    dataType: DataType.FLOAT,
    rawData: floatBytes(values),
  });
}

function refused(node: NodeProto): EngineError {
  return new EngineError(
    'model-quantised',
    `This model is quantised: “${node.name}” (${node.opType}) rounds numbers while computing, ` +
      'so small changes of the picture do not show and nothing can be attributed.',
    'Take the float32 or float16 file of the same model (often “model.onnx” or “model_fp16.onnx” ' +
      'beside “model_quantized.onnx”).',
  );
}
