/** Brings operators of older opsets to the canonical one, so that each has a single form. */
import { EngineError } from '../../engine-error';
import { formerAttributes } from '../../ops/arguments';
import { positiveAxis } from '../../ops/axes';
import { operatorOf } from '../../ops/catalogue';
import type { GraphNode } from '../graph';
import type { GraphBuilder } from '../graph-builder';
import type { Rewrite } from '../rewrite';

/** Every canonical graph has this opset of the default domain. */
export const canonicalOpset = 20;

export const upgradeOpset: Rewrite = (node, view, builder) => {
  const opset = view.graph.opsets.get('') ?? canonicalOpset;
  if (node.op === 'Softmax' && opset < 13) return upgradeSoftmax(node, builder);
  if (node.op === 'Split') return explicitSplit(node, builder);
  return argumentsAsInputs(node, builder);
};

/** Integer attributes that became inputs. */
function argumentsAsInputs(node: GraphNode, builder: GraphBuilder): string[] | undefined {
  const former = formerAttributes(node, operatorOf(node.op).integers);
  if (former.length === 0) return undefined;
  const inputs = [...node.inputs];
  for (const { place, values } of former) {
    while (inputs.length < place) inputs.push('');
    inputs[place] = builder.ints(values);
  }
  const gone = new Set<string>(former.map(({ name }) => name));
  const kept = Object.entries(node.attributes).filter(([name]) => !gone.has(name));
  return [builder.node(node.op, inputs, Object.fromEntries(kept))];
}

/** Before opset 13, Softmax flattened its input to two axes; over the last axis that is the same. */
function upgradeSoftmax(node: GraphNode, builder: GraphBuilder): string[] | undefined {
  const rank = builder.shapeOf(node.inputs[0] ?? '').length;
  const { axis: given } = node.attributes;
  const axis = positiveAxis(given ?? 1, rank);
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
  const axis = positiveAxis(attributes.axis ?? 0, builder.shapeOf(data).length);
  const sizes = node.outputs.map((output) => builder.shapeOf(output)[axis] ?? 0);
  return builder.nodeWithOutputs('Split', [data, builder.ints(sizes)], { axis }, sizes.length);
}
