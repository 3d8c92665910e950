import { InferenceSession, Tensor } from 'onnxruntime-node';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { attributionModel } from '../../src/engine/backward/attribution-model';
import { ForwardRun } from '../../src/engine/backward/forward-run';
import { forwardModel } from '../../src/engine/backward/forward-model';
import { bytesOf, liveBytes } from '../../src/engine/backward/live-bytes';
import { inOrder } from '../../src/engine/backward/order';
import { pinned } from '../../src/engine/backward/pin';
import type { Memory } from '../../src/engine/backward/session-options';
import { classAxisPlaceholder } from '../../src/engine/backward/tape';
import type { Explainer } from '../../src/engine/explainer';
import { checkFits } from '../../src/engine/memory/check-fits';
import { freeMemory } from '../../src/engine/memory/free-memory';
import { classesAtOnce, handedOverFor, memoryFor } from '../../src/engine/memory/footprint';
import { Attribution } from '../../src/engine/methods/attribution';
import { methodOf, methods } from '../../src/engine/methods/catalogue';
import { seedFor } from '../../src/engine/methods/seed';
import { canonicalise } from '../../src/engine/onnx/canonicalise';
import { encodePort } from '../../src/engine/onnx/encode';
import type { GraphNode } from '../../src/engine/onnx/graph';
import { modelBytes } from '../../src/engine/onnx/model-parts';
import { sizeOf } from '../../src/engine/onnx/tensor-bytes';
import { openExplainer } from '../../src/engine/open-explainer';
import { traceMaps, type Maps } from '../../src/engine/trace-maps';
import { findStructure } from '../../src/engine/vit/find-structure';
import { buildVit, picture } from '../fixtures/build-vit';
import { relativeError } from '../golden-figures';

function node(op: string, inputs: string[], output: string): GraphNode {
  return { name: output, op, inputs, outputs: [output], attributes: {} };
}

describe('the order of an attribution graph', () => {
  it('takes two walks side by side, and what is the same for all classes where it is needed', () => {
    const nodes = [
      node('Relu', ['tap'], 'again'),
      node('Mul', ['seed', 'late'], 'first walk, place 5'),
      node('Mul', ['first walk, place 5', 'again'], 'first walk, place 2'),
      node('Mul', ['seed', 'late'], 'second walk, place 5'),
      node('Mul', ['second walk, place 5', 'again'], 'second walk, place 2'),
      node('Add', ['first walk, place 5', 'second walk, place 5'], 'both, place 5'),
    ];
    const place = (tensor: string) =>
      tensor.startsWith('both') || !tensor.includes('place') ? undefined : Number(tensor.at(-1));
    const ordered = inOrder({ nodes, inputs: new Set(['seed']), place });
    expect(ordered.map(({ name }) => name)).toEqual([
      'first walk, place 5',
      'second walk, place 5',
      'both, place 5',
      'again',
      'first walk, place 2',
      'second walk, place 2',
    ]);
  });

  it('is kept by ONNX Runtime, which gives the same numbers', async () => {
    const nodes = [
      node('Relu', ['x'], 'a'),
      node('Sqrt', ['a'], 'b'),
      node('Abs', ['x'], 'c'),
      node('Add', ['b', 'c'], 'sum'),
    ];
    const facts = { shape: () => [2, 3], isConstant: () => false, holdsNoWeights: false };
    const { nodes: all, constants } = pinned(nodes, { ...facts, isLarge: () => true });
    // Abs waits for Sqrt; the others depend on each other as it is.
    const waiting = all.find(({ name }) => name === 'c');
    const gate = all.find(({ outputs }) => outputs[0] === waiting?.inputs[0]);
    expect(gate?.op).toBe('Reshape');
    const places = all.flatMap(({ outputs }) => outputs);
    expect(places.indexOf('b')).toBeLessThan(places.indexOf(gate?.name ?? ''));
    expect(all.filter(({ op }) => op === 'GatherND').map(({ inputs }) => inputs[0])).toEqual(['b']);
    const port = (name: string) => encodePort({ name, type: 'float32', dims: [2, 3] });
    const parts = { nodes: all, constants, inputs: [port('x')], outputs: [port('sum')] };
    const session = await InferenceSession.create(
      modelBytes({ ...parts, opsets: new Map([['', 20]]) }),
    );
    const x = Float32Array.from([NaN, 4, -9, 0, 1e30, 2.25]);
    const { sum } = await session.run({ x: new Tensor('float32', x, [2, 3]) });
    const wanted = x.map((value) => Math.sqrt(Math.max(0, value)) + Math.abs(value));
    for (const [i, value] of (sum?.data as Float32Array).entries())
      if (i > 0) expect(value).toBeCloseTo(wanted[i] ?? NaN, 5);
    await session.release();
  });
});

describe('what is alive at once', () => {
  it('counts a tensor from its making to its last reader, and other shapes of it not again', () => {
    const nodes = [
      node('Relu', ['x'], 'a'),
      node('Reshape', ['a', 'shape'], 'view'),
      node('Sqrt', ['view'], 'b'),
      node('ReduceSum', ['b'], 'small'),
      node('Relu', ['small'], 'out'),
    ];
    const sizes: Record<string, number> = { a: 100, view: 100, b: 100, small: 1, out: 1 };
    const live = (kept: string[]) => liveBytes(nodes, (name) => sizes[name] ?? 0, new Set(kept));
    expect(live(['out'])).toBe(200);
    // What stays is there beside all that follows.
    expect(live(['out', 'b'])).toBe(200);
    expect(live(['out', 'a', 'b', 'small'])).toBe(202);
  });

  it('counts the class axis by the number of classes', () => {
    expect(bytesOf([classAxisPlaceholder, 3], 5)).toBe(60);
    expect(bytesOf([2 * classAxisPlaceholder, 3], 5)).toBe(120);
    expect(bytesOf([2, 3], 5)).toBe(24);
  });
});

describe('where memory is scarce', () => {
  const vit = buildVit({ blocks: 3, grid: [23, 25], heads: 4, headDim: 4, classes: 4, seed: 3 });
  const pixels = picture(vit.inputDims);
  const small = buildVit({ blocks: 3, seed: 3 });
  const targets = [2, 0, 3];
  let folder = '';
  let file = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'vit-memory-'));
    file = path.join(folder, 'vit.onnx');
    await writeFile(file, vit.bytes);
    await writeFile(path.join(folder, 'small.onnx'), small.bytes);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each([
    { handed: 'what is costly', most: Infinity },
    { handed: 'little', most: 10e6 },
  ])(
    'gives the same maps by every method, with one session open at a time, handed over: $handed',
    async ({ most }) => {
      const pixels = picture(small.inputDims);
      const options = { threads: 1, provider: 'cpu', cacheFolder: folder } as const;
      const opened = (memory: Memory, free: number): Promise<Explainer> =>
        openExplainer(path.join(folder, 'small.onnx'), {
          ...{ ...options, memory },
          freeMemory: () => free,
        });
      const ample = await opened('ample', Infinity);
      const scarce = await opened('scarce', most);
      for (const { info } of methods) {
        if (info.id === 'integrated_gradients' || ample.obstacleTo(info.id) !== undefined) continue;
        const call = { method: info.id, options: {} };
        const expected = await ample.classify(pixels, call);
        const { maps } = await ample.explain(expected, info.id, {}, targets);
        const answer = await scarce.classify(pixels, call);
        const found = await scarce.explain(answer, info.id, {}, targets);
        // Relevance shows that the other one runs forward in float64.
        const allowed = info.paper.title.startsWith('Transformer Interpretability') ? 1e-2 : 1e-4;
        expect(relativeError(found.maps, maps), info.id).toBeLessThan(allowed);
      }
      const masks = [0, 5].map((away) =>
        Uint8Array.from({ length: sizeOf(scarce.structure.grid) }, (_, i) => (i <= away ? 0 : 1)),
      );
      for (const removal of ['mean', 'tokens'] as const) {
        const [expected = [], found = []] = await Promise.all(
          [ample, scarce].map(async (explainer) =>
            explainer.classifyWithout(await explainer.classify(pixels), removal, masks),
          ),
        );
        expect([expected, found].map(({ length }) => length)).toEqual([masks.length, masks.length]);
        for (const [i, logits] of found.entries())
          expect(relativeError(logits, expected[i] ?? []), removal).toBeLessThan(1e-5);
      }
      await Promise.all([ample.release(), scarce.release()]);
    },
  );

  it('computes what it would in any other order', async () => {
    const { graph } = await canonicalise(file, { cacheFolder: folder });
    const structure = findStructure(graph);
    const parts = forwardModel(graph, graph, 'all', [structure.logits]);
    const forward = await InferenceSession.create(modelBytes(parts, 'inside'));
    const image = new Tensor('float32', pixels, vit.inputDims);
    const tensors = await forward.run({ [structure.pixels]: image });
    for (const id of [
      'transformer_attribution',
      'gae',
      'libra_fullgrad',
      'full',
      'rollout',
      'attnlrp',
      'legrad',
      'second_layer',
    ]) {
      const attribution = new Attribution(graph, structure, 'little');
      const map = methodOf(id).record(attribution, {});
      const model = attributionModel(attribution.tape, map, undefined, 'scarce');
      expect(model.parts.nodes.some(({ name }) => name.startsWith('pin/'))).toBe(true);
      // Known shapes make opening a session of many nodes slow.
      for (const { type } of [...model.parts.inputs, ...model.parts.outputs])
        expect(type?.value).not.toMatchObject({ value: { shape: expect.anything() as unknown } });
      const seed = seedFor('logit', 'softmax', new Float32Array(4), targets);
      const feeds = Object.fromEntries(model.taps.map((name) => [name, tensors[name] ?? image]));
      const maps: Maps[] = [];
      for (const [nodes, atOnce] of [
        [model.nodes, 3],
        [model.parts.nodes, 3],
        [model.parts.nodes, 2],
      ] as const) {
        const session = await InferenceSession.create(
          modelBytes({ ...model.parts, nodes }, 'inside'),
        );
        const explained = { pixels: image, seed, targets: targets.length };
        maps.push(await traceMaps({ model, session }, feeds, explained, atOnce));
        await session.release();
      }
      const [any, ordered, inPortions] = maps;
      expect(relativeError(ordered?.maps ?? [], any?.maps ?? []), id).toBeLessThan(1e-6);
      expect(relativeError(inPortions?.maps ?? [], any?.maps ?? []), id).toBeLessThan(1e-6);
    }
    await forward.release();
  });

  it('lets as many classes go together as fit, in portions of about the same size', () => {
    const upTo = (most: number) => (classes: number) => classes <= most;
    expect(classesAtOnce(5, upTo(7))).toBe(5);
    expect(classesAtOnce(5, upTo(4))).toBe(3);
    expect(classesAtOnce(6, upTo(5))).toBe(3);
    expect(classesAtOnce(5, upTo(0))).toBe(1);
  });

  it('is told by the size of a model: weights, tokens', () => {
    const larger = { weights: 346e6, handedOver: 505e6, largestTensor: 90e6 };
    expect(handedOverFor(larger, 'scarce')).toBe('costly');
    expect(handedOverFor(larger, 'scarce', 2.4e9)).toBe('little');
    expect(handedOverFor(larger, 'scarce', 2.5e9)).toBe('costly');
    expect(handedOverFor({ ...larger, weights: 2500e6 }, 'scarce')).toBe('little');
    expect(handedOverFor({ ...larger, weights: 2500e6 }, 'ample')).toBe('costly');
    const base = { weights: 346e6, handedOver: 74e6, largestTensor: 2.4e6 };
    expect(memoryFor(base)).toBe('ample');
    expect(memoryFor({ ...base, handedOver: 505e6, largestTensor: 90e6 })).toBe('scarce');
    expect(memoryFor({ ...base, weights: 1200e6 })).toBe('scarce');
  });
});

describe('before a run that does not fit', () => {
  it('says what it needs, what there is and what would fit', () => {
    const wanted = {
      what: 'Transformer attribution',
      needed: 6.8e9,
      others: () => [
        { id: 'transformer_attribution', needed: 6.8e9 },
        { id: 'gae', needed: 1.6e9 },
        { id: 'attention', needed: 1.1e9 },
        { id: 'rollout', needed: 2.4e9 },
      ],
    };
    expect(() => checkFits(wanted, 6.9e9)).not.toThrow();
    expect(() => checkFits(wanted, 2e9)).toThrow(
      expect.objectContaining({
        code: 'out-of-memory',
        message:
          'Transformer attribution needs about 6.8 GB of memory, and there are 2.0 GB for it.',
        nextStep: expect.stringMatching(/^What would fit: gae, attention\. /) as string,
      }),
    );
    expect(() => checkFits(wanted, 1e9)).toThrow(
      expect.objectContaining({
        nextStep: expect.stringMatching(/^Close other programs/) as string,
      }),
    );
  });

  it('runs nothing, and as few classes at once as there is memory for', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'vit-memory-'));
    const file = path.join(folder, 'vit.onnx');
    const vit = buildVit({});
    await writeFile(file, vit.bytes);
    let free = -Infinity;
    const options = { threads: 1, provider: 'cpu', cacheFolder: folder } as const;
    const explainer = await openExplainer(file, { ...options, freeMemory: () => free });
    const run = vi.spyOn(ForwardRun.prototype, 'run');
    await expect(explainer.classify(picture(vit.inputDims))).rejects.toThrow(
      /^The model needs about 0\.1 GB/,
    );
    expect(run).not.toHaveBeenCalled();
    free = Infinity;
    const answer = await explainer.classify(picture(vit.inputDims));
    free = -Infinity;
    await expect(explainer.explain(answer, 'gae', {}, [0])).rejects.toThrow(
      /^Generic attention explainability needs about/,
    );
    run.mockRestore();
    await explainer.release();
    await rm(folder, { recursive: true });
  });

  it('counts what the control groups leave, less the files that the kernel would drop', async () => {
    const root = await mkdtemp(path.join(os.tmpdir(), 'vit-cgroup-'));
    const write = async (name: string, text: string) => {
      await mkdir(path.dirname(path.join(root, name)), { recursive: true });
      await writeFile(path.join(root, name), text);
    };
    expect(freeMemory(root, 9e9)).toBe(9e9);
    await write('proc/self/cgroup', '4:cpu,memory:/job/step\n0::/job/step\n');
    await write('sys/fs/cgroup/job/memory.max', '4000\n');
    await write('sys/fs/cgroup/job/memory.current', '3000\n');
    await write('sys/fs/cgroup/job/memory.stat', 'anon 100\ninactive_file 500\nactive_file 250\n');
    await write('sys/fs/cgroup/job/step/memory.max', 'max\n');
    await write('sys/fs/cgroup/job/step/memory.current', '2000\n');
    expect(freeMemory(root, 9e9)).toBe(1750);
    expect(freeMemory(root, 1000)).toBe(1000);
    await write('sys/fs/cgroup/memory/memory.limit_in_bytes', '2500\n');
    await write('sys/fs/cgroup/memory/memory.usage_in_bytes', '2000\n');
    expect(freeMemory(root, 9e9)).toBe(500);
    await rm(root, { recursive: true });
  });
});
