/** Layers of a transformer as ONNX nodes. */
import type { ForwardGraph } from './forward-graph';
import type { LinearWeights, MlpWeights, NormWeights } from '../architecture/vit-weights';
import { readFloats, transposed } from '../checkpoint/tensor';
import type { CheckpointTensor } from '../checkpoint/tensor';
import type { Activation } from '../../../shared/architecture';

/** A weight as the checkpoint has it. */
export function weight(graph: ForwardGraph, name: string, tensor: CheckpointTensor): string {
  return graph.weight(name, tensor.dims, () => readFloats(tensor));
}

/** Over the last axis of any tensor: MatMul with the transposed weight, then the bias, as torch exports it. */
export function linear(
  graph: ForwardGraph,
  name: string,
  x: string,
  weights: LinearWeights,
): string {
  const product = graph.node(`${name}.product`, 'MatMul', [
    x,
    weight(graph, `${name}.weight`, transposed(weights.weight)),
  ]);
  if (!weights.bias) return product;
  return graph.node(name, 'Add', [product, weight(graph, `${name}.bias`, weights.bias)]);
}

/** Over vectors `[batch, in]`: one Gemm, as torch exports a head. */
export function vectorLinear(
  graph: ForwardGraph,
  name: string,
  x: string,
  weights: LinearWeights,
): string {
  const inputs = [x, weight(graph, `${name}.weight`, weights.weight)];
  if (weights.bias) inputs.push(weight(graph, `${name}.bias`, weights.bias));
  return graph.node(name, 'Gemm', inputs, { transB: 1 });
}

export function layerNorm(
  graph: ForwardGraph,
  name: string,
  x: string,
  weights: NormWeights,
): string {
  return graph.node(
    name,
    'LayerNormalization',
    [
      x,
      weight(graph, `${name}.weight`, weights.weight),
      weight(graph, `${name}.bias`, weights.bias),
    ],
    { axis: -1, epsilon: weights.epsilon },
  );
}

export function mlp(
  graph: ForwardGraph,
  name: string,
  x: string,
  weights: MlpWeights,
  activation: Activation,
): string {
  const hidden = linear(graph, `${name}.first`, x, weights.first);
  const active = activate(graph, `${name}.activation`, hidden, activation);
  return linear(graph, `${name}.second`, active, weights.second);
}

function activate(graph: ForwardGraph, name: string, x: string, activation: Activation): string {
  switch (activation) {
    case 'gelu':
      return graph.node(name, 'Gelu', [x], { approximate: 'none' });
    case 'gelu-tanh':
      return graph.node(name, 'Gelu', [x], { approximate: 'tanh' });
    case 'relu':
      return graph.node(name, 'Relu', [x]);
    case 'quick-gelu': {
      // x · σ(1.702 x), openai/CLIP.
      const slope = graph.node(`${name}.slope`, 'Mul', [x, graph.scalar(1.702)]);
      const gate = graph.node(`${name}.gate`, 'Sigmoid', [slope]);
      return graph.node(name, 'Mul', [x, gate]);
    }
  }
}
