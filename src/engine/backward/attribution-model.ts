/** The recorded attribution graph as a model of its own: it reads forward tensors, maps leave it. */
import { create } from '@bufbuild/protobuf';
import type { Constant } from '../onnx/constant';
import type { GraphNode } from '../onnx/graph';
import { TensorProto_DataType as DataType, ValueInfoProtoSchema } from '../onnx/onnx_pb';
import type { ValueInfoProto } from '../onnx/onnx_pb';
import type { ModelParts } from '../onnx/model-parts';
import { bytesOf, liveBytes } from './live-bytes';
import { dependentNodes, inOrder } from './order';
import { pinned } from './pin';
import type { Memory } from './session-options';
import type { InputRole, Tape } from './tape';

/** Tensors from this size on, in bytes for one class, are made and let go of in the order that is wanted. */
const large = { ample: 4 * 2 ** 20, scarce: 2 ** 20 } as const satisfies Record<Memory, number>;

export interface OwnInput {
  readonly name: string;
  readonly role: InputRole;
}

export interface AttributionModel {
  /** What it computes, in the order that is wanted. */
  readonly nodes: readonly GraphNode[];
  readonly isConstant: (tensor: string) => boolean;
  /** For one class. */
  readonly shape: (tensor: string) => readonly number[];
  readonly parts: ModelParts;
  /** Forward tensors that it reads: they must leave the forward run. */
  readonly taps: readonly string[];
  /** The recorder's own inputs that the map depends on. */
  readonly inputs: readonly OwnInput[];
  readonly output: string;
  /** What the rules promise to add up, `[K]`; see `Method.promise`. */
  readonly total: string | undefined;
  /** What its own tensors take at most, in bytes, of so many classes at once. */
  readonly liveBytes: (classes: number) => number;
}

/**
 * Everything that recorded tensors depend on, as a model; it names no shapes, so one session serves any
 * number of classes.
 * @param output the map
 */
export function attributionModel(
  tape: Tape,
  output: string,
  total?: string,
  memory: Memory = 'ample',
): AttributionModel {
  const { builder, graph } = tape;
  const outputs = total === undefined ? [output] : [output, total];
  const own = new Set(tape.inputs.keys());
  const { nodes, leaves } = ancestors(builder.nodes, outputs);
  const ordered = inOrder({ nodes, inputs: own, place: (name) => tape.places.get(name) });
  const pins = pinned(ordered, {
    shape: (name) => tape.shape(name),
    isConstant: (name) => tape.isConstant(name),
    isLarge: (name) => !tape.isConstant(name) && bytesOf(tape.shape(name)) >= large[memory],
    holdsNoWeights: memory === 'scarce',
  });
  const constants: Constant[] = [...pins.constants];
  const taps: string[] = [];
  const inputs: OwnInput[] = [];
  for (const name of leaves) {
    const constant = builder.constantOf(name);
    const role = tape.inputs.get(name);
    if (constant) constants.push(constant);
    else if (role) inputs.push({ name, role });
    else taps.push(name);
  }
  const parts: ModelParts = {
    nodes: forwardFirst(pins.nodes, own),
    constants,
    inputs: [...inputs.map(({ name }) => name), ...taps].map(port),
    outputs: outputs.map(port),
    opsets: graph.opsets,
  };
  const liveBytesOf = (classes: number) =>
    liveBytes(ordered, (name) => bytesOf(tape.shape(name), classes), new Set(outputs));
  return {
    ...{ nodes: ordered, parts, taps, inputs, output, total, liveBytes: liveBytesOf },
    isConstant: (name) => tape.isConstant(name),
    shape: (name) => tape.shape(name),
  };
}

/** The nodes that tensors depend on, in order, and the names they read that no node makes. */
function ancestors(
  nodes: readonly GraphNode[],
  outputs: readonly string[],
): { nodes: GraphNode[]; leaves: Set<string> } {
  const wanted = new Set(outputs);
  const kept: GraphNode[] = [];
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i];
    if (!node?.outputs.some((name) => wanted.has(name))) continue;
    kept.push(node);
    for (const name of node.outputs) wanted.delete(name);
    for (const name of node.inputs) if (name !== '') wanted.add(name);
  }
  return { nodes: kept.reverse(), leaves: wanted };
}

/**
 * Nodes that depend on forward tensors alone come first. ONNX Runtime walks back from the output
 * and visits a node's later-numbered input first: in this order it computes forward-only parts
 * where they are needed, instead of all of them ahead of the walk (a sixth of the peak memory).
 */
function forwardFirst(nodes: readonly GraphNode[], inputs: ReadonlySet<string>): GraphNode[] {
  const dependent = dependentNodes({ nodes, inputs });
  return [...nodes.filter((node) => !dependent.has(node)), ...dependent];
}

/**
 * An input or output without its shape. Where ONNX Runtime knows shapes it plans which tensor takes over
 * whose memory, by comparing each with all that were let go of: for thousands of nodes that took most of
 * a session's opening.
 */
function port(name: string): ValueInfoProto {
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: 'tensorType', value: { elemType: DataType.FLOAT } } },
  });
}
