/** What an ONNX file itself says about the pictures that it takes, told without reading its weights. */
import { longestSide } from '../../shared/preprocessing';
import { operatorOf } from '../ops/catalogue';
import { decodeNode, decodeTensor } from './decode';
import { likelySize, type ImageSize, type LikelySize } from './likely-size';
import { inputNormalisation, type InputNormalisation, type Wiring } from './input-normalisation';
import type { Constant } from './constant';
import type { GraphNode } from './graph';
import { TensorProto_DataType as DataType } from './onnx_pb';
import { floatBytes } from './tensor-bytes';
import type { GraphProto, NodeProto, TensorProto, ValueInfoProto } from './onnx_pb';

export interface InputFacts {
  /** Height and width, where the file fixes both. */
  readonly size: ImageSize | undefined;
  /** Where it leaves one open and has learned positions. */
  readonly likely: LikelySize | undefined;
  readonly normalisation: InputNormalisation | undefined;
}

/** @param graph its large weights may be left out (`readSkeleton`) */
export function inputFacts(graph: GraphProto): InputFacts {
  const weights = new Set(graph.initializer.map(({ name }) => name));
  const image = graph.input.find(({ name }) => !weights.has(name));
  const layout = image && layoutOf(image);
  if (!layout) return { size: undefined, likely: undefined, normalisation: undefined };
  const { height, width, channelsLast, isInteger } = layout;
  const size = height !== undefined && width !== undefined ? ([height, width] as const) : undefined;
  return {
    size,
    likely: size === undefined ? likelySize(graph, [height, width]) : undefined,
    normalisation: inputNormalisation(wiringOfFile(graph), image.name, { channelsLast, isInteger }),
  };
}

interface Layout {
  readonly height: number | undefined;
  readonly width: number | undefined;
  readonly channelsLast: boolean;
  readonly isInteger: boolean;
}

const floats: ReadonlySet<number> = new Set([
  DataType.FLOAT,
  DataType.FLOAT16,
  DataType.BFLOAT16,
  DataType.DOUBLE,
]);

/** Of an input `[batch, 3, height, width]`, or with its channels last; undefined for any other. */
function layoutOf(image: ValueInfoProto): Layout | undefined {
  const type = image.type?.value;
  const shape = type?.case === 'tensorType' ? type.value.shape?.dim : undefined;
  if (type?.case !== 'tensorType' || shape?.length !== 4) return undefined;
  const dims = shape.map(({ value }) =>
    value.case === 'dimValue' && value.value > 0n ? Number(value.value) : undefined,
  );
  const channelsLast = dims[1] !== 3 && dims[3] === 3;
  const [channels, height, width] = channelsLast ? [3, dims[1], dims[2]] : dims.slice(1);
  if (channels !== 3 && channels !== undefined) return undefined;
  if (Math.max(height ?? 0, width ?? 0) > longestSide) return undefined;
  return { height, width, channelsLast, isInteger: !floats.has(type.value.elemType) };
}

/** The wiring of a file as it came, where constants may be nodes and be computed from others. */
function wiringOfFile(graph: GraphProto): Wiring {
  const readers = new Map<string, NodeProto[]>();
  const makers = new Map<string, NodeProto>();
  for (const node of graph.node) {
    for (const name of node.output) makers.set(name, node);
    for (const name of new Set(node.input)) {
      const known = readers.get(name);
      if (known) known.push(node);
      else readers.set(name, [node]);
    }
  }
  const weights = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  const constant = (name: string | undefined): Constant | undefined => {
    const weight = weights.get(name ?? '');
    if (weight) return decoded(weight);
    const maker = makers.get(name ?? '');
    if (maker?.opType === 'Constant') return valueOf(maker);
    const fold = maker ? operatorOf(maker.opType).fold : 'none';
    const node = maker && fold !== 'none' ? decodedNode(maker) : undefined;
    return node && fold !== 'none' ? fold(node, node.inputs.map(constant)) : undefined;
  };
  return {
    readers: (name) => (readers.get(name) ?? []).map(decodedNode),
    constant,
  };
}

function valueOf({ output: [name = ''], attribute }: NodeProto): Constant | undefined {
  for (const { name: kind, t, f, floats: list } of attribute) {
    if (t) return decoded(t);
    if (kind === 'value_float') return { name, type: 'float32', dims: [], data: floatBytes([f]) };
    if (kind === 'value_floats')
      return { name, type: 'float32', dims: [list.length], data: floatBytes(list) };
  }
  return undefined;
}

/** Weights that were left out, or are damaged, are no constants that tell something. */
function decoded(tensor: TensorProto): Constant | undefined {
  try {
    return decodeTensor(tensor);
  } catch {
    return undefined;
  }
}

function decodedNode(node: NodeProto): GraphNode {
  try {
    return decodeNode(node);
  } catch {
    return {
      name: node.name,
      op: node.opType,
      inputs: node.input,
      outputs: node.output,
      attributes: {},
    };
  }
}
