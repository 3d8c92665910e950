/** A full-size ViT-B/16 with random weights as an ONNX file: the model that speed is measured on. */
import { buildModel } from '../fixtures/build-vit';
import type { GraphBuilder } from '../../src/engine/onnx/graph-builder';

const dim = 768;
const heads = 12;
const blocks = 12;
const side = 14;
const patch = 16;
const tokens = side * side + 1;
const classes = 1000;

/** Uniform numbers of a given deviation; a plain generator, for 86 million of them. */
function weights(builder: GraphBuilder, dims: readonly number[], deviation: number): string {
  const values = new Float32Array(dims.reduce((product, size) => product * size, 1));
  let state = 12345 + values.length;
  const factor = (deviation * Math.sqrt(12)) / 2 ** 32;
  for (let i = 0; i < values.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    values[i] = state * factor - (deviation * Math.sqrt(12)) / 2;
  }
  return builder.floats(values, dims);
}

/** ONNX bytes, 346 MB; input `pixel_values` `[1, 3, 224, 224]`, output `logits` `[1, 1000]`. */
export function vitBase(): Uint8Array {
  return buildModel([1, 3, side * patch, side * patch], (builder, pixels) => {
    const linear = (x: string, from: number, to: number) =>
      builder.node('Add', [
        builder.node('MatMul', [x, weights(builder, [from, to], 1 / Math.sqrt(from))]),
        weights(builder, [to], 0.02),
      ]);
    const norm = (x: string) =>
      builder.node(
        'LayerNormalization',
        [x, builder.floats(new Float32Array(dim).fill(1)), builder.floats(new Float32Array(dim))],
        { axis: -1, epsilon: 1e-6 },
      );
    const grid = builder.node(
      'Conv',
      [pixels, weights(builder, [dim, 3, patch, patch], 0.03), weights(builder, [dim], 0.02)],
      { kernel_shape: [patch, patch], strides: [patch, patch] },
    );
    const flat = builder.node('Reshape', [grid, builder.ints([1, dim, side * side])]);
    const patches = builder.node('Transpose', [flat], { perm: [0, 2, 1] });
    const all = builder.node('Concat', [weights(builder, [1, 1, dim], 0.5), patches], { axis: 1 });
    let stream = builder.node('Add', [all, weights(builder, [1, tokens, dim], 0.2)]);
    for (let i = 0; i < blocks; i++) {
      stream = builder.node('Add', [stream, attention(builder, norm(stream), linear)]);
      const hidden = linear(norm(stream), dim, 4 * dim);
      const erf = builder.node('Erf', [
        builder.node('Mul', [hidden, builder.floats(Math.SQRT1_2)]),
      ]);
      const gate = builder.node('Mul', [
        builder.node('Add', [erf, builder.floats(1)]),
        builder.floats(0.5),
      ]);
      const active = builder.node('Mul', [hidden, gate]);
      stream = builder.node('Add', [stream, linear(active, 4 * dim, dim)]);
    }
    const cls = builder.node('Gather', [norm(stream), builder.ints(0)], { axis: 1 });
    return linear(cls, dim, classes);
  });
}

function attention(
  builder: GraphBuilder,
  x: string,
  linear: (x: string, from: number, to: number) => string,
): string {
  const width = dim / heads;
  const joint = builder.node('Reshape', [
    linear(x, dim, 3 * dim),
    builder.ints([1, tokens, 3, heads, width]),
  ]);
  const apart = builder.node('Transpose', [joint], { perm: [2, 0, 3, 1, 4] });
  const [q = '', k = '', v = ''] = [0, 1, 2].map((i) =>
    builder.node('Gather', [apart, builder.ints(i)], { axis: 0 }),
  );
  const keys = builder.node('Transpose', [k], { perm: [0, 1, 3, 2] });
  const products = builder.node('MatMul', [q, keys]);
  const scores = builder.node('Mul', [products, builder.floats(1 / Math.sqrt(width))]);
  const context = builder.node('MatMul', [builder.node('Softmax', [scores], { axis: -1 }), v]);
  const merged = builder.node('Reshape', [
    builder.node('Transpose', [context], { perm: [0, 2, 1, 3] }),
    builder.ints([1, tokens, dim]),
  ]);
  return linear(merged, dim, dim);
}
