/** A stream of tokens kept sequence-first, `[T, 1, D]`, is kept `[1, T, D]` instead. */
import { exactGeluOp } from './gelu';
import type { GraphNode } from '../graph';
import type { GraphView } from '../graph-view';
import { positiveAxis } from '../../ops/axes';
import type { Rewrite } from '../rewrite';

/** Operators that treat every token alike, whatever axis the tokens are on. */
const tokenwise: ReadonlySet<string> = new Set([
  'Add',
  'Div',
  'Gelu',
  'LayerNormalization',
  'Mul',
  'Pow',
  'ReduceMean',
  'Relu',
  'Sqrt',
  'Sub',
  exactGeluOp,
]);

/** Operators whose further inputs are parameters. */
const parameterised: ReadonlySet<string> = new Set(['LayerNormalization', 'ReduceMean']);

/**
 * With batch 1 both layouts hold the same bytes. The operator is applied batch-first between two
 * Reshapes; those of neighbouring operators cancel in `mergeReshapes`.
 */
export const batchFirst: Rewrite = (node, view, builder) => {
  if (!tokenwise.has(node.op)) return undefined;
  const [tokens, batch, dim, ...rest] = view.shape(node.outputs[0] ?? '');
  if (tokens === undefined || tokens === 1 || batch !== 1 || dim === undefined || rest.length > 0)
    return undefined;
  if (node.op === 'ReduceMean' && !overFeatures(view, node)) return undefined;
  const data = parameterised.has(node.op) ? node.inputs.slice(0, 1) : node.inputs;
  if (data.every((name) => view.constant(name)) || node.outputs.length > 1) return undefined;
  const inputs = node.inputs.map((name) => {
    const dims = view.shape(name);
    if (dims.length < 3 || dims[0] !== tokens) return name;
    return builder.node('Reshape', [name, builder.ints([1, tokens, dims[2] ?? 1])]);
  });
  const result = builder.node(node.op, inputs, node.attributes);
  return [builder.node('Reshape', [result, builder.ints([tokens, 1, dim])])];
};

function overFeatures(view: GraphView, node: GraphNode): boolean {
  const axes = view.numbers(node.inputs[1]);
  return (
    axes?.length === 1 && positiveAxis(axes[0] ?? 0, 3) === 2 && node.attributes.keepdims !== 0
  );
}
