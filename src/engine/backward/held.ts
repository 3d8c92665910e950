/** What no small change of the picture moves. */
import type { Graph } from '../onnx/graph';

/** Truth values, indices and roundings: steps, whose slope is zero wherever there is one. */
const steps: ReadonlySet<string> = new Set([
  'And',
  'ArgMax',
  'ArgMin',
  'Ceil',
  'Equal',
  'Floor',
  'Greater',
  'GreaterOrEqual',
  'IsInf',
  'IsNaN',
  'Less',
  'LessOrEqual',
  'Not',
  'Or',
  'Round',
  'Shape',
  'Sign',
  'Xor',
]);

/**
 * Constants, steps (a gate that is open or shut) and whatever is made of these alone: a walk ends
 * there, and a product with one is a scaling.
 */
export function heldTensors(graph: Graph): ReadonlySet<string> {
  const held = new Set(graph.constants.keys());
  const float = 1;
  for (const { op, inputs, outputs, attributes } of graph.nodes) {
    const isStep = steps.has(op) || (op === 'Cast' && attributes.to !== float);
    if (isStep || inputs.every((name) => name === '' || held.has(name)))
      for (const name of outputs) held.add(name);
    // The second output of TopK holds the places of the first.
    else if (op === 'TopK') held.add(outputs[1] ?? '');
  }
  held.delete('');
  return held;
}
