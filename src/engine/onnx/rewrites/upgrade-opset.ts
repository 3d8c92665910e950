/** Brings operators of older opsets to the canonical one, so that each has a single form. */
import { EngineError } from '../../engine-error';
import type { Attributes } from '../../ops/attributes';
import type { GraphNode } from '../graph';
import type { GraphBuilder } from '../graph-builder';
import { positiveAxis } from '../../ops/axes';
import type { Rewrite } from '../rewrite';

/** Every canonical graph has this opset of the default domain. */
export const canonicalOpset = 20;

/** Operators whose integer attributes became inputs, in the order of those inputs. */
const attributesThatBecameInputs: ReadonlyMap<string, readonly string[]> = new Map([
  ['Squeeze', ['axes']],
  ['Unsqueeze', ['axes']],
  ['ReduceSum', ['axes']],
  ['ReduceMean', ['axes']],
  ['ReduceMax', ['axes']],
  ['ReduceMin', ['axes']],
  ['ReduceProd', ['axes']],
  ['ReduceL1', ['axes']],
  ['ReduceL2', ['axes']],
  ['ReduceSumSquare', ['axes']],
  ['ReduceLogSumExp', ['axes']],
  ['Slice', ['starts', 'ends', 'axes']],
  ['Split', ['split']],
]);

export const upgradeOpset: Rewrite = (node, view, builder) => {
  const opset = view.graph.opsets.get('') ?? canonicalOpset;
  if (node.op === 'Softmax' && opset < 13) return upgradeSoftmax(node, builder);
  if (node.op === 'Split') return explicitSplit(node, builder);
  const names = attributesThatBecameInputs.get(node.op);
  if (!names?.some((name) => node.attributes[name] !== undefined)) return undefined;
  const inputs = [node.inputs[0] ?? ''];
  for (const name of names) {
    const values = node.attributes[name];
    inputs.push(Array.isArray(values) ? builder.ints(values.map(Number)) : '');
  }
  while (inputs.at(-1) === '') inputs.pop();
  return [builder.node(node.op, inputs, without(node.attributes, names))];
};

/** Before opset 13, Softmax flattened its input to two axes; over the last axis that is the same. */
function upgradeSoftmax(node: GraphNode, builder: GraphBuilder): string[] | undefined {
  const rank = builder.shapeOf(node.inputs[0] ?? '').length;
  const given = node.attributes.axis;
  const axis = positiveAxis(typeof given === 'number' ? given : 1, rank);
  if (axis !== rank - 1) {
    throw new EngineError(
      'model-unknown-op',
      `The Softmax “${node.name}” normalises over several axes at once (axis ${axis} of ${rank}, opset below 13).`,
      'Export the model with opset 13 or later.',
    );
  }
  if (given === -1) return undefined;
  return [builder.node('Softmax', node.inputs, { axis: -1 })];
}

/** Split always names its sizes: equal parts need no attribute of a certain opset. */
function explicitSplit(node: GraphNode, builder: GraphBuilder): string[] | undefined {
  const { attributes } = node;
  if ((node.inputs[1] ?? '') !== '') return undefined;
  const data = node.inputs[0] ?? '';
  const given = typeof attributes.axis === 'number' ? attributes.axis : 0;
  const axis = positiveAxis(given, builder.shapeOf(data).length);
  const sizes = node.outputs.map((output) => builder.shapeOf(output)[axis] ?? 0);
  return builder.nodeWithOutputs('Split', [data, builder.ints(sizes)], { axis }, sizes.length);
}

function without(attributes: Attributes, names: readonly string[]): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !names.includes(name)));
}
