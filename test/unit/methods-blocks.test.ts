/** Methods that add up what is found at every block, against their formulas worked out in float64. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openExplainer } from '../../src/engine/open-explainer';
import { rolesOf } from '../../src/engine/methods/roles';
import { canonicalise } from '../../src/engine/onnx/canonicalise';
import type { Graph } from '../../src/engine/onnx/graph';
import { findStructure } from '../../src/engine/vit/find-structure';
import type { VitStructure } from '../../src/engine/vit/structure';
import { descendants } from '../../src/engine/vit/reach';
import { buildVit, picture } from '../fixtures/build-vit';
import type { VitOptions } from '../fixtures/build-vit';
import { array64, evaluate64 } from '../float64-evaluator';
import type { Array64 } from '../float64-evaluator';
import { relativeError } from '../golden-figures';
import { forward64, walk64 } from '../walk-in-float64';

const index = 3;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-blocks-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Subject {
  readonly graph: Graph;
  readonly structure: VitStructure;
  /** Every forward tensor in float64. */
  readonly forward: ReadonlyMap<string, Array64>;
  readonly mapOf: (method: string) => Promise<Float32Array>;
}

async function subject(options: VitOptions): Promise<Subject> {
  const { bytes, inputDims } = buildVit({ blocks: 3, ...options });
  const file = path.join(folder, 'vit.onnx');
  await writeFile(file, bytes);
  const { graph } = await canonicalise(file);
  const structure = findStructure(graph);
  const pixels = picture(inputDims);
  const forward = forward64(graph, { [structure.pixels]: array64(inputDims, pixels) });
  const mapOf = async (method: string) => {
    const explainer = await openExplainer(file, {
      threads: 1,
      provider: 'cpu',
      cacheFolder: undefined,
    });
    try {
      return (await explainer.explain(await explainer.classify(pixels), method, {}, [index])).maps;
    } finally {
      await explainer.release();
    }
  };
  return { graph, structure, forward, mapOf };
}

/** The patches of a row over all tokens. */
function ofPatches({ prefixTokens, grid }: VitStructure, row: Float64Array): Float64Array {
  return row.subarray(prefixTokens, prefixTokens + grid[0] * grid[1]);
}

const forms: readonly VitOptions[] = [
  {},
  { readout: 'mean', prefixTokens: 2 },
  { readout: 'attention-pool', head: 'batch-norm' },
  { norm: 'post', readout: 'cls+mean' },
  { sequenceFirst: true, projections: 'separate' },
];

test.each(forms)('attnlrp_blocks is Σ_l Σ_d h ⊙ g by the rules of AttnLRP: %j', async (options) => {
  const { graph, structure, forward, mapOf } = await subject(options);
  const { blocks, logits, classes, tokens } = structure;
  const oneHot = new Float64Array(classes).fill(0);
  oneHot[index] = 1;
  const seed = array64([1, ...(graph.shapes.get(logits) ?? [])], oneHot);
  const to = blocks.map(({ input }) => input);
  const roles = rolesOf(graph, structure);
  const gradients = walk64(graph, { set: 'attnlrp', from: logits, to, seed, forward, roles });
  const row = new Float64Array(tokens);
  for (const [l, input] of to.entries()) {
    const h = forward.get(input)?.data ?? new Float64Array();
    const width = h.length / tokens;
    for (const [i, value] of h.entries()) {
      const t = Math.floor(i / width);
      row[t] = (row[t] ?? 0) + value * (gradients[l]?.data[i] ?? NaN);
    }
  }
  expect(relativeError(await mapOf('attnlrp_blocks'), ofPatches(structure, row))).toBeLessThan(
    1e-4,
  );
});

test.each(forms)(
  'legrad is what central differences of the head behind each block give: %j',
  async (options) => {
    const { graph, structure, forward, mapOf } = await subject(options);
    const { blocks, logits, tokens } = structure;
    const end = blocks.at(-1)?.output ?? '';
    const ofHead = descendants({ graph }, [end]);
    const head = graph.nodes.filter(({ inputs }) => inputs.some((name) => ofHead.has(name)));
    const row = new Float64Array(tokens);
    for (const { attention, output } of blocks) {
      const A = forward.get(attention);
      if (!A) throw new Error('no attention');
      const ofAttention = descendants({ graph }, [attention]);
      const after = graph.nodes.filter(({ inputs }) =>
        inputs.some((name) => ofAttention.has(name)),
      );
      const upTo = after.findIndex(({ outputs }) => outputs.includes(output)) + 1;
      // The block from its attention on, then the head on what leaves the block.
      const score = (at: number, change: number) => {
        const data = Float64Array.from(A.data);
        data[at] = (data[at] ?? NaN) + change;
        const known = new Map([...forward].filter(([name]) => !ofAttention.has(name)));
        const block = evaluate64(
          after.slice(0, upTo),
          new Map([...known, [attention, { dims: A.dims, data }]]),
        );
        const stream = block.get(output);
        if (!stream) throw new Error('no stream');
        const outside = new Map([...forward].filter(([name]) => !ofHead.has(name)));
        return (
          evaluate64(head, new Map([...outside, [end, stream]])).get(logits)?.data[index] ?? NaN
        );
      };
      const step = 1e-5;
      const queries = A.data.length / tokens;
      for (let at = 0; at < A.data.length; at++) {
        const slope = (score(at, step) - score(at, -step)) / (2 * step);
        row[at % tokens] = (row[at % tokens] ?? 0) + Math.max(0, slope) / queries;
      }
    }
    expect(relativeError(await mapOf('legrad'), ofPatches(structure, row))).toBeLessThan(1e-4);
  },
);
