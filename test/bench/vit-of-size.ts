/** Full-size ViTs with random weights as ONNX files: the models that speed and memory are measured on. */
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { GraphBuilder } from '../../src/engine/onnx/graph-builder';
import { storedConstant } from '../../src/engine/onnx/stored-weights';
import { sizeOf } from '../../src/engine/onnx/tensor-bytes';
import { buildModel } from '../fixtures/build-vit';

export interface VitSize {
  readonly dim: number;
  readonly heads: number;
  readonly blocks: number;
  readonly patch: number;
  /** Patches along an edge of the picture. */
  readonly side: number;
}

const base = { dim: 768, heads: 12, blocks: 12 } as const;

/** By architecture and edge of the picture, 224 pixels unless said; 518 is DINOv2's own. */
export const vitSizes = {
  ti16: { dim: 192, heads: 3, blocks: 12, patch: 16, side: 14 },
  'b16-224': { ...base, patch: 16, side: 14 },
  'b16-384': { ...base, patch: 16, side: 24 },
  'b14-518': { ...base, patch: 14, side: 37 },
  l16: { dim: 1024, heads: 16, blocks: 24, patch: 16, side: 14 },
  h14: { dim: 1280, heads: 16, blocks: 32, patch: 14, side: 16 },
} as const satisfies Record<string, VitSize>;

const classes = 1000;

/** Weights of a model, in bytes, up to which protobuf holds them; larger ones lie beside it. */
const mostInside = 1.8e9;

/**
 * Writes a model: input `pixel_values` `[1, 3, edge, edge]`, output `logits` `[1, 1000]`. A ViT-B/16
 * takes 346 MB, a ViT-H/14 2.5 GB in `FILE.weights`.
 */
export function writeVit(file: string, size: VitSize): void {
  const { dim, blocks, patch, side } = size;
  const parameters = 12 * blocks * dim ** 2 + dim * (3 * patch ** 2 + side ** 2 + classes);
  if (4 * parameters <= mostInside) {
    writeFileSync(file, vitModel(size, weightsInside));
    return;
  }
  const beside = `${path.basename(file)}.weights`;
  const descriptor = openSync(path.join(path.dirname(file), beside), 'w');
  try {
    writeFileSync(file, vitModel(size, weightsBeside(descriptor, beside)));
  } finally {
    closeSync(descriptor);
  }
}

/** Random numbers of a given deviation as a constant. */
type Weights = (builder: GraphBuilder, dims: readonly number[], deviation: number) => string;

const weightsInside: Weights = (builder, dims, deviation) =>
  builder.floats(uniform(sizeOf(dims), deviation, builder.constants.size), dims);

function weightsBeside(descriptor: number, file: string): Weights {
  let offset = 0;
  return (builder, dims, deviation) => {
    const name = weightsInside(builder, dims, deviation);
    const { data } = builder.constants.get(name) ?? { data: new Uint8Array() };
    const stored = { folder: '', file, offset, length: data.byteLength };
    offset += writeSync(descriptor, data, 0, data.byteLength, offset);
    builder.constants.set(name, storedConstant(name, 'float32', dims, stored));
    return name;
  };
}

/**
 * Uniform numbers of a given deviation; a plain generator, for hundreds of millions of them. Each weight
 * is seeded by how many there are before it: ONNX Runtime holds equal ones once.
 */
function uniform(count: number, deviation: number, seed: number): Float32Array {
  const values = new Float32Array(count);
  let state = Math.imul(seed + 1, 2654435761) >>> 0;
  const factor = (deviation * Math.sqrt(12)) / 2 ** 32;
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    values[i] = state * factor - (deviation * Math.sqrt(12)) / 2;
  }
  return values;
}

function vitModel(size: VitSize, weights: Weights): Uint8Array {
  const { dim, blocks, patch, side } = size;
  const tokens = side ** 2 + 1;
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
      stream = builder.node('Add', [stream, attention(builder, size, norm(stream), linear)]);
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
  { dim, heads, side }: VitSize,
  x: string,
  linear: (x: string, from: number, to: number) => string,
): string {
  const tokens = side ** 2 + 1;
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
