import { EngineError } from '../engine-error';
import type { GraphNode } from '../onnx/graph';
import type { GraphView } from '../onnx/graph-view';
import { isProduct } from '../ops/catalogue';

/** Operators that only rearrange what a linear layer made, or turn it into probabilities. */
const transparent: ReadonlySet<string> = new Set([
  'Reshape',
  'Squeeze',
  'Unsqueeze',
  'Identity',
  'Softmax',
]);
/** With a constant beside the data: the bias of a head, or the temperature of a zero-shot head. */
const withConstant: ReadonlySet<string> = new Set(['Add', 'Mul', 'Div']);
/** What divides a vector by its length. */
const lengthDivision: ReadonlySet<string> = new Set(['Div', 'LpNormalization']);

/**
 * The readout of a backbone: the features `[1, F]` that the last linear layer reads, before a
 * standardisation that belongs to the head (the BatchNorm of MAE's probe). A graph that ends
 * without such a layer is a bare backbone: its output is the readout. So is that of a last layer
 * without bias, unless it reads vectors of unit length: CLIP's projection is such a layer and gives
 * the features, CLIP's zero-shot head comes behind it and reads them normalised.
 *
 * @param logits the tensor that gives one number a class (or the output of a bare backbone)
 * @throws EngineError `model-not-a-vit` when several linear layers make the logits together.
 */
export function headInput(view: GraphView, logits: string): string {
  let tensor = logits;
  let biased = false;
  for (;;) {
    const node = view.producer(tensor);
    if (node === undefined) return logits;
    if (isLinear(view, node)) {
      const features = node.inputs[0] ?? '';
      const before = view.producer(features);
      biased ||= node.op === 'Gemm' && (node.inputs[2] ?? '') !== '';
      if (!biased && !lengthDivision.has(before?.op ?? '')) return logits;
      return before?.op === 'BatchNormalization' ? (before.inputs[0] ?? '') : features;
    }
    const data = node.inputs.filter((input) => input !== '' && view.constant(input) === undefined);
    if (node.op === 'Add' && data.length > 1) {
      throw new EngineError(
        'model-not-a-vit',
        `The logits are the sum of several heads (“${node.name}”), so there is no single readout to train a probe on.`,
        'Choose a model with one head, or a backbone without any.',
      );
    }
    const scalesOrShifts = withConstant.has(node.op) && data.length === 1;
    if (!scalesOrShifts && !transparent.has(node.op)) return logits;
    biased ||= node.op === 'Add';
    tensor = data[0] ?? '';
  }
}

function isLinear(view: GraphView, node: GraphNode): boolean {
  return isProduct(node) && view.constant(node.inputs[1]) !== undefined;
}
