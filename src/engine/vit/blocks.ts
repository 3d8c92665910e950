/** The residual stream and the blocks along it. */
import type { GraphNode } from '../onnx/graph';
import type { GraphView } from '../onnx/graph-view';
import { operatorOf } from '../ops/catalogue';
import type { Attention } from './attention';
import { notAVit } from './not-a-vit';
import { ancestors, descendants } from './reach';
import type { Block } from './structure';

/**
 * Blocks in forward order, one for each self-attention.
 * @throws EngineError `model-not-a-vit` if an attention has no residual connection around it, or if
 * the attentions do not follow one another along one stream.
 */
export function findBlocks(view: GraphView, attentions: readonly Attention[]): Block[] {
  const joins = attentions.map((attention) => residualJoin(view, attention));
  return attentions.map((attention, i) => {
    const join = joins[i];
    if (!join) throw new Error('one join for each attention');
    const next = joins[i + 1];
    if (next) requireOneStream(view, join, next, attention, attentions[i + 1]);
    return {
      input: join.stream,
      output: next ? next.stream : blockOutput(view, join),
      scores: attention.scores,
      attention: attention.attention,
      query: attention.query,
      key: attention.key,
      value: attention.value,
      context: attention.context,
      firstNorm: firstNorm(view, attention, join.stream),
    };
  });
}

function isNorm({ op }: GraphNode): boolean {
  return operatorOf(op).role === 'norm';
}

interface Join {
  readonly node: GraphNode;
  /** The operand that went round the attention: the stream entering the block. */
  readonly stream: string;
}

/** The Add that joins the attention branch with the residual stream. */
function residualJoin(view: GraphView, attention: Attention): Join {
  const behind = descendants(view, [attention.context]);
  const before = ancestors(view, [attention.query, attention.key, attention.value]);
  for (const node of view.graph.nodes) {
    if (node.op !== 'Add' || !node.inputs.some((input) => behind.has(input))) continue;
    const stream = node.inputs.find((input) => !behind.has(input) && before.has(input));
    if (stream === undefined || view.constant(stream)) continue;
    return { node, stream };
  }
  throw notAVit(
    `the attention at “${attention.nodeName}” has no residual connection around it, ` +
      'so the stream of tokens cannot be followed.',
  );
}

/**
 * Two attentions that read the same tokens (summed, or in networks side by side) are no chain, and a
 * product of their matrices would mean nothing.
 */
function requireOneStream(
  view: GraphView,
  join: Join,
  next: Join,
  attention: Attention,
  nextAttention: Attention | undefined,
): void {
  const behind = descendants(view, join.node.outputs);
  if (next.node !== join.node && behind.has(next.stream)) return;
  throw notAVit(
    `the attentions at “${attention.nodeName}” and “${nextAttention?.nodeName ?? ''}” stand side by side, ` +
      'not one behind the other (several networks in one file, or blocks with several attentions).',
  );
}

/** What the last block hands on: behind its MLP, or behind its attention if it has no MLP. */
function blockOutput(view: GraphView, join: Join): string {
  const sum = join.node.outputs[0] ?? '';
  const normalised = onlyNorm(view, sum);
  // Post-norm: the MLP and its residual both start from the normalised sum.
  const postNorm = normalised !== undefined && residualFrom(view, normalised) !== undefined;
  const start = postNorm ? normalised : sum;
  const second = residualFrom(view, start);
  if (second === undefined) return start;
  return postNorm ? (onlyNorm(view, second) ?? second) : second;
}

/** The output of the first Add that joins a tensor with something else that is computed. */
function residualFrom(view: GraphView, tensor: string): string | undefined {
  const join = view
    .consumers(tensor)
    .find(
      (node) =>
        node.op === 'Add' &&
        node.inputs[0] !== node.inputs[1] &&
        node.inputs.every((input) => view.producer(input) !== undefined),
    );
  return join?.outputs[0];
}

/** The output of the LayerNorm that alone reads this tensor. */
function onlyNorm(view: GraphView, tensor: string): string | undefined {
  const consumers = view.consumers(tensor);
  const [norm] = consumers;
  return consumers.length === 1 && norm && isNorm(norm) ? norm.outputs[0] : undefined;
}

/** The LayerNorm between the stream and the queries. */
function firstNorm(view: GraphView, attention: Attention, stream: string): string | undefined {
  const leading = ancestors(view, [attention.query]);
  const norm = view
    .consumers(stream)
    .find((node) => isNorm(node) && leading.has(node.outputs[0] ?? ''));
  return norm?.outputs[0];
}
