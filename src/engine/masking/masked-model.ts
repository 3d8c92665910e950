/** From the tokens of many pictures at the first block to their logits, as one model. */
import { create } from '@bufbuild/protobuf';
import { EngineError } from '../engine-error';
import type { Constant } from '../onnx/constant';
import type { Graph } from '../onnx/graph';
import { GraphView } from '../onnx/graph-view';
import type { ModelParts } from '../onnx/model-parts';
import { TensorProto_DataType as DataType, ValueInfoProtoSchema } from '../onnx/onnx_pb';
import { kindOf } from '../ops/kind-of';
import { ancestors, descendants } from '../vit/reach';
import type { VitStructure } from '../vit/structure';
import { tokenAxes } from './fewer-tokens';
import { CannotLift, Lift } from './lift';
import { liftRules } from './lift-rules';

export interface MaskedModel {
  readonly parts: ModelParts;
  /** Input `[pictures, 1, tokens, D]`: what enters the first block. */
  readonly stream: string;
  /** Output `[pictures, …, classes]`. */
  readonly logits: string;
  /** Why it takes all tokens only; undefined where it takes any number. */
  readonly bound: string | undefined;
}

/** @returns undefined where the pictures can only be run one by one */
export function maskedModel(graph: Graph, structure: VitStructure): MaskedModel | undefined {
  const { pixels, logits, blocks } = structure;
  const stream = blocks[0]?.input ?? '';
  const view = new GraphView(graph);
  const behind = descendants(view, [stream]);
  const needed = ancestors(view, [logits]);
  const before = ancestors(view, [stream]);
  const nodes = graph.nodes.filter(
    ({ outputs }) =>
      outputs.some((name) => needed.has(name)) && !outputs.some((name) => before.has(name)),
  );
  const own = nodes.filter(({ outputs }) => outputs.some((name) => behind.has(name)));
  // What is read beside the tokens must not be the picture.
  const ofPicture = descendants(view, [pixels]);
  const reads = nodes.flatMap(({ inputs }) => inputs);
  if (reads.some((name) => ofPicture.has(name) && !behind.has(name))) return undefined;

  const axes = tokenAxes(view, structure, own);
  const lift = new Lift(view, behind, typeof axes === 'string' ? new Map() : axes);
  try {
    for (const node of nodes) {
      if (own.includes(node)) liftRules[kindOf(node, lift)](lift, node);
      else lift.copy(node, node.inputs);
    }
  } catch (error) {
    if (error instanceof CannotLift || error instanceof EngineError) return undefined;
    throw error;
  }
  const made = new Set(lift.nodes.flatMap(({ outputs }) => outputs));
  const constants = new Map<string, Constant>(lift.constants);
  for (const name of lift.nodes.flatMap(({ inputs }) => inputs)) {
    const constant = graph.constants.get(name);
    if (constant) constants.set(name, constant);
    // Something before the first block that is no constant.
    else if (name !== '' && name !== stream && !made.has(name) && !constants.has(name))
      return undefined;
  }
  const [, tokens = 0, dim = 0] = view.shape(stream);
  return {
    parts: {
      nodes: lift.nodes,
      constants: constants.values(),
      inputs: [streamPort(stream, typeof axes === 'string' ? tokens : 'tokens', dim)],
      outputs: [create(ValueInfoProtoSchema, { name: logits })],
      opsets: graph.opsets,
    },
    stream,
    logits,
    bound: typeof axes === 'string' ? axes : undefined,
  };
}

function streamPort(name: string, tokens: number | 'tokens', dim: number) {
  const dims = ['pictures', 1, tokens, dim].map((size) => ({
    value:
      typeof size === 'string'
        ? { case: 'dimParam' as const, value: size }
        : { case: 'dimValue' as const, value: BigInt(size) },
  }));
  return create(ValueInfoProtoSchema, {
    name,
    type: {
      value: { case: 'tensorType', value: { elemType: DataType.FLOAT, shape: { dim: dims } } },
    },
  });
}
