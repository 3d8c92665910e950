/** Relevance is neither made nor lost, and follows its published formulas. */
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../src/engine/engine-error';
import { forward64, normals, smallGraph, sumOf, walk64 } from '../walk-in-float64';
import type { Array64 } from '../float64-evaluator';

/** Relevance of `to` in float64, given relevance at the output. */
function relevanceOf(
  { graph, output }: ReturnType<typeof smallGraph>,
  x: Array64,
  to: readonly string[] = ['x'],
) {
  const shape = graph.shapes.get(output) ?? [];
  const seed = normals([2, ...shape], 31);
  const forward = forward64(graph, { x });
  const found = walk64(graph, { set: 'relevance', from: output, to, seed, forward });
  return { found, seed, forward };
}

const ofClass = (array: Array64 | undefined, k: number) => {
  const size = (array?.data.length ?? 0) / 2;
  return array?.data.subarray(k * size, (k + 1) * size) ?? new Float64Array();
};

describe('relevance rules', () => {
  it('follows x⁺(S W⁺ᵀ) + x⁻(S W⁻ᵀ) in a linear map, bias left out, and conserves', () => {
    const weight = normals([5, 3], 32).data.map(Math.fround);
    const small = smallGraph([4, 5], (b, x) =>
      b.node('Gemm', [
        x,
        b.floats(Float32Array.from(weight), [5, 3]),
        b.floats(Float32Array.from(normals([3], 33).data)),
      ]),
    );
    const x = normals([4, 5], 34);
    const { found, seed } = relevanceOf(small, x);
    const expected = new Float64Array(2 * 20);
    const [positive, negative] = [
      (v: number) => Math.max(0, v),
      (v: number) => Math.min(0, v),
    ] as const;
    for (const k of [0, 1]) {
      for (let t = 0; t < 4; t++) {
        for (let j = 0; j < 3; j++) {
          const share = (i: number) => {
            const [xi, w] = [x.data[t * 5 + i] ?? 0, weight[i * 3 + j] ?? 0];
            return positive(xi) * positive(w) + negative(xi) * negative(w);
          };
          const total = sumOf([0, 1, 2, 3, 4].map(share));
          if (total === 0) continue;
          const s = (seed.data[(k * 4 + t) * 3 + j] ?? 0) / (total + 1e-9);
          for (let i = 0; i < 5; i++) {
            const at = (k * 4 + t) * 5 + i;
            expected[at] = (expected[at] ?? 0) + share(i) * s;
          }
        }
      }
    }
    for (const [i, value] of expected.entries()) expect(found[0]?.data[i]).toBeCloseTo(value, 7);
  });

  it('passes nothing on where no term of a linear map is positive', () => {
    const small = smallGraph([1, 2], (b, x) =>
      b.node('Gemm', [x, b.floats([1, -1, 2, -2], [2, 2])]),
    );
    const { found, seed } = relevanceOf(small, { dims: [1, 2], data: Float64Array.of(-1, -3) });
    // Column 0 is negative times positive throughout; column 1 takes all its relevance.
    expect(sumOf(ofClass(found[0], 0))).toBeCloseTo(seed.data[1] ?? NaN, 7);
  });

  it('shares a sum by a R/z, each side rescaled to its magnitude’s share', () => {
    const small = smallGraph([2, 3], (b, x) =>
      b.node('Add', [b.node('Relu', [x]), b.node('Tanh', [x])]),
    );
    const [relu = '', tanh = ''] = small.graph.nodes.map(({ outputs: [name = ''] }) => name);
    const x = normals([2, 3], 35);
    const { found, seed, forward } = relevanceOf(small, x, [relu, tanh]);
    const z = forward.get(small.output)?.data ?? [];
    for (const k of [0, 1]) {
      const r = ofClass(seed, k);
      const sides = [relu, tanh].map((name) =>
        Array.from(
          forward.get(name)?.data ?? [],
          (a, i) => (a * (r[i] ?? 0)) / ((z[i] ?? 0) + 1e-9),
        ),
      );
      const [sumA = 0, sumB = 0] = sides.map(sumOf);
      const total = sumOf(r);
      for (const [side, sum] of [sumA, sumB].entries()) {
        const wanted = (Math.abs(sum) / (Math.abs(sumA) + Math.abs(sumB))) * total;
        for (const [i, value] of (sides[side] ?? []).entries())
          expect(ofClass(found[side], k)[i]).toBeCloseTo((value * wanted) / sum, 5);
      }
      expect(sumOf(ofClass(found[0], k)) + sumOf(ofClass(found[1], k))).toBeCloseTo(total, 5);
    }
  });

  it('gives half to each side of a product, whatever its scale', () => {
    const small = smallGraph([1, 1, 3, 3], (b, x) =>
      b.node('com.microsoft.FusedMatMul', [b.node('Relu', [x]), b.node('Tanh', [x])], {
        transB: 1,
        alpha: 0.25,
      }),
    );
    const [relu = '', tanh = ''] = small.graph.nodes.map(({ outputs: [name = ''] }) => name);
    const x = { dims: [1, 1, 3, 3], data: normals([9], 36).data.map((v) => Math.abs(v) + 0.2) };
    const { found, seed } = relevanceOf(small, x, [relu, tanh]);
    for (const k of [0, 1]) {
      for (const side of [0, 1])
        expect(sumOf(ofClass(found[side], k))).toBeCloseTo(sumOf(ofClass(seed, k)) / 2, 5);
    }
  });

  it('splits a mean evenly and hands on norms, activations and scalings unchanged', () => {
    const small = smallGraph([1, 4, 2], (b, x) => {
      const ones = b.floats([1, 1]);
      const norm = b.node('LayerNormalization', [x, ones, b.floats([0.5, 0])], { axis: -1 });
      const active = b.node('Gelu', [b.node('Mul', [norm, b.floats([2, 3])])]);
      return b.node('ReduceMean', [active, b.ints([1])], { keepdims: 0 });
    });
    const { found, seed } = relevanceOf(small, normals([1, 4, 2], 37));
    for (const k of [0, 1]) {
      for (let i = 0; i < 8; i++)
        expect(ofClass(found[0], k)[i]).toBeCloseTo((ofClass(seed, k)[i % 2] ?? NaN) / 4, 12);
    }
  });

  it('names the operator that has no rule', () => {
    const small = smallGraph([1, 4], (b, x) => b.node('CumSum', [x, b.ints(1)]));
    const { graph, output } = small;
    const seed = normals([1, 1, 4], 38);
    const walk = () =>
      walk64(graph, { set: 'relevance', from: output, to: ['x'], seed, forward: new Map() });
    expect(walk).toThrow(EngineError);
    expect(walk).toThrow(/CumSum/);
  });
});
