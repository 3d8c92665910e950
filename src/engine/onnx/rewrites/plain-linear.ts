/** Linear maps in other words, as a product and a bias without factors. */
import type { GraphNode } from '../graph';
import type { GraphBuilder } from '../graph-builder';
import type { GraphView } from '../graph-view';
import type { Rewrite } from '../rewrite';
import { asFloat32, sizeOf } from '../tensor-bytes';

/** Gemm with factors takes them into its weight and bias, and reads its left side as it stands. */
export const plainGemm: Rewrite = (node, view, builder) => {
  if (node.op !== 'Gemm') return undefined;
  const [a = '', b = '', c = ''] = node.inputs;
  const { alpha = 1, beta = 1, transA = 0, transB = 0 } = node.attributes;
  if (alpha === 1 && beta === 1 && transA === 0) return undefined;
  const left = transA === 0 ? a : builder.node('Transpose', [a], { perm: [1, 0] });
  const right = scaled(view, builder, b, alpha);
  const bias = c === '' ? [] : [scaled(view, builder, c, beta)];
  return [builder.node('Gemm', [left, right, ...bias], { transB })];
};

function scaled(view: GraphView, builder: GraphBuilder, name: string, factor: number): string {
  if (factor === 1) return name;
  const constant = view.constant(name);
  if (!constant) return builder.node('Mul', [name, builder.floats(factor)]);
  return builder.floats(
    asFloat32(constant).map((value) => value * factor),
    constant.dims,
  );
}

/** A vector that is added to the features of every token is a plain vector; one taken away is its negative. */
export const plainBias: Rewrite = (node, view, builder) => {
  if (node.op !== 'Add' && node.op !== 'Sub') return undefined;
  for (const [i, vector] of node.inputs.entries()) {
    const x = node.inputs[1 - i] ?? '';
    const constant = view.constant(vector);
    const features = constant?.dims.at(-1) ?? 1;
    if (constant?.type !== 'float32' || features === 1 || sizeOf(constant.dims) !== features)
      continue;
    const isPlain = node.op === 'Add' && constant.dims.length === 1;
    if (isPlain || view.constant(x) || (node.op === 'Sub' && i === 0)) continue;
    if (view.shape(x).join() !== view.shape(node.outputs[0] ?? '').join()) continue;
    const values = asFloat32(constant);
    const added = node.op === 'Add' ? values.slice() : values.map((value) => -value);
    return [builder.node('Add', [x, builder.floats(added)])];
  }
  return undefined;
};

/**
 * A convolution of one pixel over tokens that were laid out as a picture is a linear map of each token.
 * Of features that come from a convolution it stays: it may be the patch embedding.
 */
export const tokenConvolution: Rewrite = (node, view, builder) => {
  if (node.op !== 'Conv') return undefined;
  const [x = '', weight = '', bias = ''] = node.inputs;
  const [batch, features = 1, rows = 1, columns = 1, ...rest] = view.shape(x);
  const constant = view.constant(weight);
  const [width = 1] = view.shape(weight);
  if (!isPointwise(view, node) || !laidOut(view, x) || batch !== 1 || rest.length > 0 || !constant)
    return undefined;
  const places = rows * columns;
  const flat = builder.node('Reshape', [x, builder.ints([1, features, places])]);
  const tokens = builder.node('Transpose', [flat], { perm: [0, 2, 1] });
  const matrix = builder.constant(constant.type, constant.data, [width, features]);
  const turned = builder.node('Transpose', [matrix], { perm: [1, 0] });
  const product = builder.node('MatMul', [tokens, turned]);
  const sum = bias === '' ? product : builder.node('Add', [product, bias]);
  const back = builder.node('Transpose', [sum], { perm: [0, 2, 1] });
  return [builder.node('Reshape', [back, builder.ints([1, width, rows, columns])])];
};

/** True behind tokens or an attention, false where only convolutions (a stem) are before. */
function laidOut(view: GraphView, tensor: string): boolean {
  const node = view.producer(tensor);
  if (!node || node.op === 'InstanceNormalization') return false;
  if (node.op === 'Conv' && !isPointwise(view, node)) return false;
  if (ofTokens.has(node.op)) return true;
  const source = node.inputs.find((input) => view.producer(input) !== undefined);
  return source !== undefined && laidOut(view, source);
}

const ofTokens: ReadonlySet<string> = new Set([
  'Gemm',
  'LayerNormalization',
  'MatMul',
  'Softmax',
  'com.microsoft.FusedMatMul',
]);

function isPointwise(view: GraphView, { inputs: [, weight = ''], attributes }: GraphNode): boolean {
  const { group = 1, pads = [], strides = [] } = attributes;
  const sides = [...view.shape(weight).slice(2), ...strides];
  return group === 1 && sides.every((side) => side === 1) && pads.every((pad) => pad === 0);
}
