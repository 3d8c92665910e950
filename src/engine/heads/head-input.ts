import { EngineError } from '../engine-error';
import type { GraphNode } from '../onnx/graph';
import { GraphView } from '../onnx/graph-view';

/** Operators that only rearrange or shift what a linear layer made. */
const transparent: ReadonlySet<string> = new Set(['Reshape', 'Squeeze', 'Unsqueeze', 'Identity']);

/**
 * The readout of a backbone: the features `[1, F]` that the last linear layer reads, before a
 * standardisation that belongs to the head (the BatchNorm of MAE's probe). For CLIP that is the
 * projection. A graph that ends without such a layer is a bare backbone: its output is the readout.
 *
 * @param logits the tensor that gives one number a class (or the output of a bare backbone)
 * @throws EngineError `model-not-a-vit` when several linear layers make the logits together.
 */
export function headInput(view: GraphView, logits: string): string {
  let tensor = logits;
  for (;;) {
    const node = view.producer(tensor);
    if (node === undefined) return logits;
    if (isLinear(view, node)) {
      const features = node.inputs[0] ?? '';
      const standardisation = view.producerOf(features, 'BatchNormalization');
      return standardisation?.inputs[0] ?? features;
    }
    const data = node.inputs.filter((input) => input !== '' && view.constant(input) === undefined);
    if (node.op === 'Add' && data.length > 1) {
      throw new EngineError(
        'model-not-a-vit',
        `The logits are the sum of several heads (“${node.name}”), so there is no single readout to train a probe on.`,
        'Choose a model with one head, or a backbone without any.',
      );
    }
    if (node.op !== 'Add' && !transparent.has(node.op)) return logits;
    tensor = data[0] ?? '';
  }
}

function isLinear(view: GraphView, node: GraphNode): boolean {
  return (
    (node.op === 'Gemm' || node.op === 'MatMul' || node.op === 'com.microsoft.FusedMatMul') &&
    view.constant(node.inputs[1]) !== undefined
  );
}
