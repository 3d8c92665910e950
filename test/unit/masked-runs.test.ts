/** Many masked pictures in one run say what each of them says alone. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Explainer } from '../../src/engine/explainer';
import { maskedPixels, type PatchMask } from '../../src/engine/masking/patch-mask';
import { replacementPicture } from '../../src/engine/masking/replacement';
import { canonicalise } from '../../src/engine/onnx/canonicalise';
import { encodeGraph } from '../../src/engine/onnx/encode-graph';
import type { Graph, GraphNode } from '../../src/engine/onnx/graph';
import { floatBytes, int64Bytes } from '../../src/engine/onnx/tensor-bytes';
import { openExplainer } from '../../src/engine/open-explainer';
import { readOutput } from '../../src/engine/outputs/read-output';
import { seededRandom } from '../../src/shared/random';
import { findStructure } from '../../src/engine/vit/find-structure';
import type { VitStructure } from '../../src/engine/vit/structure';
import { buildVit, picture } from '../fixtures/build-vit';
import type { VitOptions } from '../fixtures/build-vit';
import { largestDifference, runModel } from '../fixtures/run-model';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-masked-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const zoo: readonly [string, VitOptions][] = [
  ['class token', {}],
  ['mean of patches', { prefixTokens: 0, readout: 'mean' }],
  ['mean of patches beside a class token', { readout: 'mean' }],
  ['mean of all tokens', { readout: 'mean-all' }],
  ['distilled', { prefixTokens: 2, readout: 'distilled' }],
  ['registers', { prefixTokens: 5, layerScale: true }],
  ['DINOv2 with registers', { readout: 'cls+mean', prefixTokens: 5, layerScale: true }],
  ['MAE', { head: 'batch-norm' }],
  ['CLIP', { inputNorm: true, activation: 'quick-gelu', head: 'cosine' }],
  ['SigLIP', { prefixTokens: 0, readout: 'attention-pool', activation: 'tanh-gelu' }],
  ['post-norm, sequence first', { norm: 'post', activation: 'relu', sequenceFirst: true }],
  ['RMSNorm and SiLU', { normKind: 'rms', activation: 'silu', head: 'mlp' }],
  ['oblong patches', { patch: [2, 6], grid: [5, 2] }],
  ['cut instead of convolved', { embedding: 'cut' }],
  ['probabilities', { probabilities: true }],
  ['einsum, sequence first', { attention: 'einsum', sequenceFirst: true }],
  ['a projection for each head', { projections: 'per-head' }],
  ['packed attention', { attention: 'packed' }],
  ['opset 11', { opset: 11, spelledOut: true }],
];

async function fileOf(name: string, options: VitOptions): Promise<string> {
  const file = path.join(folder, `${name}.onnx`);
  await writeFile(file, buildVit(options).bytes);
  return file;
}

/** Masks of all sizes, the same for the same number of patches. */
function masksOf(patches: number): PatchMask[] {
  const random = seededRandom(3);
  return Array.from({ length: 20 }, (_, i) =>
    Uint8Array.from({ length: patches }, (__, patch) =>
      Number(i === 0 || (patch > 0 && random() < i / 20)),
    ),
  );
}

async function opened(file: string, work: (explainer: Explainer) => Promise<void>): Promise<void> {
  const explainer = await openExplainer(file, {
    threads: 1,
    provider: 'cpu',
    cacheFolder: undefined,
  });
  try {
    await work(explainer);
  } finally {
    await explainer.release();
  }
}

/** The same graph, where nobody attends to the patches that are away. */
function blind(graph: Graph, { blocks, prefixTokens, tokens }: VitStructure, mask: PatchMask) {
  const hidden = Float32Array.from({ length: tokens }, (_, i) =>
    mask[i - prefixTokens] === 1 ? -1e9 : 0,
  );
  const constants = new Map(graph.constants).set('hidden', {
    name: 'hidden',
    type: 'float32',
    dims: [tokens],
    data: floatBytes(hidden),
  });
  const scores = new Set(blocks.map((block) => block.scores));
  const nodes = graph.nodes.flatMap((node): GraphNode[] => {
    const inputs = node.inputs.map((name) =>
      node.op === 'Softmax' && scores.has(name) ? `${name}/hidden` : name,
    );
    const behind = node.outputs
      .filter((name) => scores.has(name))
      .map((name) => ({
        name: `${name}/hidden`,
        op: 'Add',
        inputs: [name, 'hidden'],
        outputs: [`${name}/hidden`],
        attributes: {},
      }));
    return [{ ...node, inputs }, ...behind];
  });
  return encodeGraph({ ...graph, nodes, constants });
}

describe('other colours in place of patches', () => {
  test.each(zoo)('%s', async (name, options) => {
    await opened(await fileOf(name, options), async (explainer) => {
      const { structure } = explainer;
      const { grid, inputSize } = structure;
      const classified = await explainer.classify(picture([1, 3, ...inputSize]));
      const masks = masksOf(grid[0] * grid[1]);
      for (const removal of ['grey', 'mean', 'blur'] as const) {
        const answers = await explainer.classifyWithout(classified, removal, masks);
        const { pixels } = classified;
        const others = replacementPicture(removal, pixels, structure);
        for (const [i, mask] of masks.entries()) {
          const masked = maskedPixels(pixels, others, mask, inputSize, grid);
          const { logits } = await explainer.classify(masked);
          expect(largestDifference(answers[i] ?? [], logits)).toBeLessThan(1e-4);
        }
        expect(largestDifference(answers[0] ?? [], classified.logits)).toBeGreaterThan(1e-3);
      }
    });
  });
});

describe('patches left out', () => {
  const readsOneToken = ({ readout = 'cls' }: VitOptions) =>
    readout === 'cls' || readout === 'distilled';

  test.each(zoo.filter(([, options]) => readsOneToken(options)))('%s', async (name, options) => {
    const file = await fileOf(name, options);
    const canonical = await canonicalise(file);
    const { graph } = await readOutput(canonical.graph, { names: 0 });
    const structure = findStructure(graph);
    await opened(file, async (explainer) => {
      expect(explainer.cannotRemove('tokens')).toBeUndefined();
      const dims = [1, 3, ...structure.inputSize];
      const classified = await explainer.classify(picture(dims));
      const masks = masksOf(structure.grid[0] * structure.grid[1]).filter((_, i) => i % 4 === 0);
      const answers = await explainer.classifyWithout(classified, 'tokens', masks);
      for (const [i, mask] of masks.entries()) {
        const expected = await runModel(blind(graph, structure, mask), classified.pixels, dims);
        expect(largestDifference(answers[i] ?? [], expected)).toBeLessThan(1e-4);
      }
    });
  });

  test.each(zoo.filter(([, options]) => !readsOneToken(options)))(
    '%s: as the whole picture where none is away, and another answer for every mask',
    async (name, options) => {
      await opened(await fileOf(name, options), async (explainer) => {
        expect(explainer.cannotRemove('tokens')).toBeUndefined();
        const { grid, inputSize } = explainer.structure;
        const classified = await explainer.classify(picture([1, 3, ...inputSize]));
        const none = new Uint8Array(grid[0] * grid[1]);
        const masks = masksOf(none.length).slice(10);
        const [whole = [], ...others] = await explainer.classifyWithout(classified, 'tokens', [
          none,
          ...masks,
        ]);
        expect(largestDifference(whole, classified.logits)).toBeLessThan(1e-4);
        for (const other of others)
          expect(largestDifference(other, classified.logits)).toBeGreaterThan(1e-4);
      });
    },
  );
});

describe('models of other shapes', () => {
  type Edit = (graph: Graph, structure: VitStructure) => Partial<Graph>;

  const noise = (size: number) => floatBytes(picture([size], 11));

  /** Every score gets a constant of its own, as of relative positions. */
  const withRelativePositions: Edit = (graph, { blocks, heads, tokens }) => {
    const scores = new Set(blocks.map((block) => block.scores));
    const bias = { name: 'bias', type: 'float32', dims: [heads, tokens, tokens] } as const;
    return {
      constants: new Map(graph.constants).set('bias', {
        ...bias,
        data: noise(heads * tokens * tokens),
      }),
      shapes: new Map(graph.shapes).set('bias', bias.dims),
      nodes: graph.nodes.flatMap((node): GraphNode[] => {
        const [output = ''] = node.outputs;
        if (!scores.has(output)) return [node];
        const product = { ...node, outputs: [`${output}/plain`] };
        const sum = {
          name: output,
          op: 'Add',
          inputs: [`${output}/plain`, 'bias'],
          attributes: {},
        };
        return [product, { ...sum, outputs: [output] }];
      }),
    };
  };

  /** A convolution over neighbouring pixels before the patches. */
  const withStem: Edit = (graph, { pixels }) => ({
    constants: new Map(graph.constants).set('stem', {
      name: 'stem',
      type: 'float32',
      dims: [3, 3, 3, 3],
      data: noise(81),
    }),
    nodes: [
      {
        name: 'stem',
        op: 'Conv',
        inputs: [pixels, 'stem'],
        outputs: ['stemmed'],
        attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [1, 1] },
      },
      ...graph.nodes.map((node) => ({
        ...node,
        inputs: node.inputs.map((name) => (name === pixels ? 'stemmed' : name)),
      })),
    ],
  });

  /** Queries and keys are turned by an angle of their token's own, as in EVA-02. */
  const withRotaryPositions: Edit = (graph, { blocks, tokens }) => {
    const constants = new Map(graph.constants);
    const shapes = new Map(graph.shapes);
    const half = (graph.shapes.get(blocks[0]?.query ?? '')?.at(-1) ?? 0) / 2;
    const angle = (at: number) => ((Math.floor(at / (2 * half)) + 1) * ((at % half) + 1)) / 3;
    const size = tokens * 2 * half;
    const turns = { cos: Math.cos, sin: Math.sin };
    for (const [name, turn] of Object.entries(turns)) {
      const upright = Float32Array.from({ length: size }, (_, at) => turn(angle(at)));
      const across = upright.map(
        (_, at) => upright[(at % tokens) * 2 * half + Math.floor(at / tokens)] ?? 0,
      );
      for (const [key, dims, values] of [
        [name, [tokens, 2 * half], upright],
        [`${name} across`, [2 * half, tokens], across],
      ] as const) {
        constants.set(key, { name: key, type: 'float32', dims, data: floatBytes(values) });
        shapes.set(key, dims);
      }
    }
    const bounds = { zero: 0, half, whole: 2 * half, last: -1, 'last but one': -2 };
    for (const [name, value] of Object.entries(bounds)) {
      constants.set(name, { name, type: 'int64', dims: [1], data: int64Bytes([value]) });
      shapes.set(name, [1]);
    }
    const turned = (tensor: string): GraphNode[] => {
      const node = (op: string, inputs: string[], part: string, attributes = {}): GraphNode => {
        const output = part === '' ? tensor : `${tensor}/${part}`;
        return { name: `${tensor}/turned/${part}`, op, inputs, outputs: [output], attributes };
      };
      const own = (part: string) => `${tensor}/${part}`;
      const dims = graph.shapes.get(tensor) ?? [];
      // Keys are turned round for their product.
      const isAcross = dims.at(-1) === tokens;
      const [axis, which] = isAcross ? [dims.length - 2, ' across'] : [dims.length - 1, ''];
      const last = isAcross ? 'last but one' : 'last';
      const halved = dims.map((dim, at) => (at === axis ? half : dim));
      for (const part of ['plain', 'cos', 'swapped', 'sin']) shapes.set(own(part), dims);
      for (const part of ['first', 'second', 'minus']) shapes.set(own(part), halved);
      return [
        node('Slice', [own('plain'), 'zero', 'half', last], 'first'),
        node('Slice', [own('plain'), 'half', 'whole', last], 'second'),
        node('Mul', [own('second'), 'minus one'], 'minus'),
        node('Concat', [own('minus'), own('first')], 'swapped', { axis }),
        node('Mul', [own('plain'), `cos${which}`], 'cos'),
        node('Mul', [own('swapped'), `sin${which}`], 'sin'),
        node('Add', [own('cos'), own('sin')], ''),
      ];
    };
    const one = { name: 'minus one', type: 'float32', dims: [], data: floatBytes([-1]) } as const;
    constants.set(one.name, one);
    shapes.set(one.name, one.dims);
    const rotated = new Set(blocks.flatMap(({ query, key }) => [query, key]));
    const nodes = graph.nodes.flatMap((node): GraphNode[] => {
      const mine = node.outputs.filter((name) => rotated.has(name));
      if (mine.length === 0) return [node];
      const outputs = node.outputs.map((name) => (rotated.has(name) ? `${name}/plain` : name));
      return [{ ...node, outputs }, ...mine.flatMap(turned)];
    });
    return { constants, shapes, nodes };
  };

  test.each<[string, Edit, RegExp | undefined]>([
    ['relative positions', withRelativePositions, /computes with all of its patches at Add/],
    ['a convolutional stem', withStem, undefined],
    ['rotary positions', withRotaryPositions, /computes with all of its patches at Mul/],
  ])('%s', async (name, edit, bound) => {
    const canonical = await canonicalise(await fileOf(name, {}));
    const { graph } = await readOutput(canonical.graph, { names: 0 });
    const file = path.join(folder, `${name}, edited.onnx`);
    await writeFile(file, encodeGraph({ ...graph, ...edit(graph, findStructure(graph)) }));
    await opened(file, async (explainer) => {
      const reason = explainer.cannotRemove('tokens');
      if (bound) expect(reason).toMatch(bound);
      else expect(reason).toBeUndefined();
      const { structure } = explainer;
      const { grid, inputSize } = structure;
      const classified = await explainer.classify(picture([1, 3, ...inputSize]));
      const masks = masksOf(grid[0] * grid[1]);
      const left = explainer.classifyWithout(classified, 'tokens', masks);
      if (bound) {
        await expect(left).rejects.toThrow(bound);
      } else {
        const whole = await readOutput((await canonicalise(file)).graph, { names: 0 });
        for (const [i, mask] of masks.entries()) {
          const bytes = blind(whole.graph, structure, mask);
          const expected = await runModel(bytes, classified.pixels, [1, 3, ...inputSize]);
          expect(largestDifference((await left)[i] ?? [], expected)).toBeLessThan(1e-4);
        }
      }
      const answers = await explainer.classifyWithout(classified, 'mean', masks);
      const others = replacementPicture('mean', classified.pixels, structure);
      for (const [i, mask] of masks.entries()) {
        const masked = maskedPixels(classified.pixels, others, mask, inputSize, grid);
        const { logits } = await explainer.classify(masked);
        expect(largestDifference(answers[i] ?? [], logits)).toBeLessThan(1e-4);
      }
    });
  });
});

test('what masked runs hold counts as memory of the model', async () => {
  await opened(await fileOf('memory', {}), async (explainer) => {
    const { bytes } = explainer;
    const classified = await explainer.classify(picture([1, 3, ...explainer.structure.inputSize]));
    await explainer.classifyWithout(classified, 'mean', masksOf(6));
    // Once more the weights, and the tensors of a run.
    expect(explainer.bytes).toBeGreaterThan((bytes * 4) / 3);
  });
});
