/** Attention in a graph: a Softmax over tokens whose output weighs values. */
import type { GraphNode } from '../onnx/graph';
import { positiveAxis } from '../ops/axes';
import { sizeOf } from '../onnx/tensor-bytes';
import type { GraphView } from '../onnx/graph-view';
import { notAVit } from './not-a-vit';
import type { AttentionTensors } from './structure';

export interface Attention extends AttentionTensors {
  /** For messages. */
  readonly nodeName: string;
  readonly heads: number;
  /** Rows of the attention matrix; 1 for a pooling query. */
  readonly queries: number;
  /** Columns of the attention matrix. */
  readonly tokens: number;
}

const products = ['MatMul', 'com.microsoft.FusedMatMul'] as const;

/** Operators between the score product and Softmax that leave it a score: scaling, masks, layout. */
const scoreSteps: ReadonlySet<string> = new Set(['Mul', 'Div', 'Add', 'Reshape', 'Cast', 'Clip']);

/**
 * Every attention that the logits depend on, in order. A Softmax that weighs nothing (probabilities
 * of the classes) is passed over.
 * @param needed every tensor that the logits are computed from.
 * @throws EngineError `model-not-a-vit` if attention is there in a form that cannot be read.
 */
export function findAttentions(view: GraphView, needed: ReadonlySet<string>): Attention[] {
  return view.graph.nodes
    .filter((node) => node.op === 'Softmax' && needed.has(node.outputs[0] ?? ''))
    .map((softmax) => readAttention(view, softmax))
    .filter((attention) => attention !== undefined);
}

function readAttention(view: GraphView, softmax: GraphNode): Attention | undefined {
  const scores = softmax.inputs[0] ?? '';
  const attention = softmax.outputs[0] ?? '';
  const dims = view.shape(attention);
  const overLast = positiveAxis(softmax.attributes.axis ?? -1, dims.length) === dims.length - 1;
  const [context, another] = overLast ? contextProducts(view, attention) : [];
  if (!context) {
    if (dims.length < 3 || dims.at(-1) !== dims.at(-2)) return undefined;
    throw notAVit(
      `the softmax at “${softmax.name}” does not weigh the values of the tokens directly ` +
        '(heads are mixed, or the matrix is used in another way).',
    );
  }
  if (another)
    throw notAVit(`the attention at “${softmax.name}” weighs more than one set of values.`);
  const product = scoreProduct(view, scores);
  if (!product) {
    throw notAVit(
      `the attention at “${softmax.name}” is not the softmax of a product of queries and keys.`,
    );
  }
  return {
    nodeName: softmax.name,
    scores,
    attention,
    query: product.inputs[0] ?? '',
    key: product.inputs[1] ?? '',
    value: context.inputs[1] ?? '',
    context: context.outputs[0] ?? '',
    heads: sizeOf(dims.slice(0, -2)),
    queries: dims.at(-2) ?? 0,
    tokens: dims.at(-1) ?? 0,
  };
}

/** The products of the attention matrix, on their left, with values. */
function contextProducts(view: GraphView, attention: string): GraphNode[] {
  return view.consumers(attention).flatMap((consumer) => {
    if (consumer.op === 'Reshape') return contextProducts(view, consumer.outputs[0] ?? '');
    const isProduct = products.some((op) => op === consumer.op);
    return isProduct && consumer.inputs[0] === attention && !consumer.attributes.transA
      ? [consumer]
      : [];
  });
}

function scoreProduct(view: GraphView, scores: string): GraphNode | undefined {
  const node = view.producer(scores);
  if (!node) return undefined;
  if (products.some((op) => op === node.op)) return node;
  if (!scoreSteps.has(node.op)) return undefined;
  const computed = node.inputs.filter((input) => view.producer(input) !== undefined);
  return computed.length === 1 ? scoreProduct(view, computed[0] ?? '') : undefined;
}
