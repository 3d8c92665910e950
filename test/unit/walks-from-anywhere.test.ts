/** Walks from a tensor inside the model, with seeds of their own, against central differences in float64. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Attribution } from '../../src/engine/methods/attribution';
import { canonicalise } from '../../src/engine/onnx/canonicalise';
import type { Graph } from '../../src/engine/onnx/graph';
import { findStructure } from '../../src/engine/vit/find-structure';
import type { VitStructure } from '../../src/engine/vit/structure';
import { buildVit, picture } from '../fixtures/build-vit';
import { array64, constants64, evaluate64 } from '../float64-evaluator';
import type { Array64 } from '../float64-evaluator';
import { relativeError } from '../golden-figures';
import { forward64, normals } from '../walk-in-float64';

let folder = '';
let graph: Graph;
let structure: VitStructure;
let forward: ReadonlyMap<string, Array64>;

/** Targets of a run. */
const classes = [3, 1];

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-walks-'));
  const { bytes, inputDims } = buildVit({ blocks: 3 });
  const file = path.join(folder, 'vit.onnx');
  await writeFile(file, bytes);
  ({ graph } = await canonicalise(file));
  structure = findStructure(graph);
  forward = forward64(graph, { [structure.pixels]: array64(inputDims, picture(inputDims)) });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const shapeOf = (name: string) => graph.shapes.get(name) ?? [];

function block(index: number): VitStructure['blocks'][number] {
  const found = structure.blocks[index];
  if (!found) throw new Error(`no block ${index}`);
  return found;
}

/** What recorded tensors come to for `classes`, all in float64. */
function evaluated({ tape }: Attribution, names: readonly string[]): Array64[] {
  const oneHot = new Float64Array(classes.length * structure.classes);
  for (const [k, index] of classes.entries()) oneHot[k * structure.classes + index] = 1;
  const seed = array64([classes.length, structure.classes], oneHot);
  const values = evaluate64(
    tape.builder.nodes,
    new Map([
      ...forward,
      ...constants64(tape.builder.constants.values()),
      ...[...tape.inputs.keys()].map((name) => [name, seed] as const),
    ]),
  );
  return names.map((name) => values.get(name) ?? array64([], []));
}

/** Ones for every class, `[K, ...shape]`. */
function ones({ tape, seed }: Attribution, shape: readonly number[]): string {
  const size = shape.reduce((product, dim) => product * dim, 1);
  const first = tape.sum(seed, [...tape.shape(seed).keys()].slice(1), false);
  const column = tape.reshape(first, [tape.shape(seed)[0] ?? 1, ...shape.map(() => 1)]);
  return tape.mul(column, tape.floats(new Float32Array(size).fill(1), shape));
}

/** A forward tensor with another value put in the place of an earlier one. */
function rerun(of: string, at: string, value: Array64): Float64Array {
  const rest = graph.nodes.filter(({ outputs }) => !outputs.includes(at));
  const given = [...forward].filter(([name]) => name === structure.pixels);
  const constants = constants64(graph.constants.values());
  return (
    evaluate64(rest, new Map([...given, ...constants, [at, value]])).get(of)?.data ??
    new Float64Array()
  );
}

/** Whether the cotangents are the slopes of Σ seed ⊙ tensor, along a random direction each. */
function expectSlopes(from: string, seed: Array64, to: string, cotangent: Array64): void {
  const before = forward.get(to);
  if (!before) throw new Error(`no tensor ${to}`);
  expect(cotangent.dims).toEqual([classes.length, ...before.dims]);
  const direction = normals(before.dims, 31).data;
  const step = 1e-5;
  const moved = (change: number) =>
    rerun(from, to, {
      dims: before.dims,
      data: before.data.map((value, i) => value + change * (direction[i] ?? 0)),
    });
  const [up, down] = [moved(step), moved(-step)];
  for (const k of classes.keys()) {
    let slope = 0;
    for (const [i, value] of up.entries())
      slope += ((seed.data[k * up.length + i] ?? NaN) * (value - (down[i] ?? NaN))) / (2 * step);
    let found = 0;
    const size = direction.length;
    for (const [i, value] of direction.entries())
      found += value * (cotangent.data[k * size + i] ?? NaN);
    expect(Math.abs(slope)).toBeGreaterThan(1e-4);
    expect(Math.abs(found - slope)).toBeLessThan(1e-6 * Math.abs(slope));
  }
}

describe('a walk from inside the model', () => {
  it('with a seed of ones gives the slopes of the sum over a block’s output', () => {
    const attribution = new Attribution(graph, structure, 'all');
    const { output: from } = block(1);
    const seed = ones(attribution, shapeOf(from));
    const to = [block(0).attention, block(1).attention, structure.pixels];
    const found = attribution.walk('gradient', to, { from, seed });
    const names = to.map((name) => attribution.cotangent(found, name));
    const [seedValue, ...cotangents] = evaluated(attribution, [seed, ...names]);
    if (!seedValue) throw new Error('no seed');
    expect(seedValue.data.every((value) => value === 1)).toBe(true);
    for (const [i, cotangent] of cotangents.entries())
      expectSlopes(from, seedValue, to[i] ?? '', cotangent);
  });

  it('with a seed of the class goes on from where a walk from the logits has come to', () => {
    const attribution = new Attribution(graph, structure, 'all');
    const { output: from } = block(1);
    const { attention } = block(0);
    const whole = attribution.walk('gradient', [from, attention]);
    const seed = attribution.cotangent(whole, from);
    const rest = attribution.walk('gradient', [attention], { from, seed });
    const names = [seed, attribution.cotangent(whole, attention)];
    const [seedValue, once, twice] = evaluated(attribution, [
      ...names,
      attribution.cotangent(rest, attention),
    ]);
    if (!seedValue || !once || !twice) throw new Error('nothing recorded');
    expectSlopes(from, seedValue, attention, twice);
    expect(relativeError(twice.data, once.data)).toBeLessThan(1e-12);
  });

  it('from the logits with a contrast of classes gives the difference of their gradients', () => {
    const attribution = new Attribution(graph, structure, 'all');
    const { tape, seed } = attribution;
    const { attention } = block(0);
    // Each class against the mean of all.
    const mean = tape.mean(seed, [tape.shape(seed).length - 1]);
    const contrast = tape.sub(seed, mean);
    const found = attribution.walk('gradient', [attention], { seed: contrast });
    const cotangent = attribution.cotangent(found, attention);
    const [seedValue, value] = evaluated(attribution, [contrast, cotangent]);
    if (!seedValue || !value) throw new Error('nothing recorded');
    expectSlopes(structure.logits, seedValue, attention, value);
  });

  it('finds nothing in what lies ahead', () => {
    const attribution = new Attribution(graph, structure, 'all');
    const { output: from } = block(0);
    const seed = ones(attribution, shapeOf(from));
    const found = attribution.walk('gradient', [block(2).attention], { from, seed });
    expect(found.whole(block(2).attention)).toBeUndefined();
  });

  it('refuses a seed of another shape', () => {
    const attribution = new Attribution(graph, structure, 'all');
    const { output: from } = block(1);
    const { seed } = attribution;
    expect(() => attribution.walk('gradient', [structure.pixels], { from, seed })).toThrow(/seed/);
  });
});
