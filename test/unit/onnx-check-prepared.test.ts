import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { EngineError } from '../../src/engine/engine-error';
import { floatBytes } from '../../src/engine/onnx/tensor-bytes';
import { canonicalise } from '../../src/engine/onnx/canonicalise';
import { openExplainer } from '../../src/engine/open-explainer';
import * as modelProcess from '../../src/engine/onnx/model-process';
import type { GraphProto } from '../../src/engine/onnx/onnx_pb';
import * as simplification from '../../src/engine/onnx/simplify';
import { buildVit, picture } from '../fixtures/build-vit';
import { editModel, floatValues } from '../fixtures/edit-model';
import { largestDifference, runModel } from '../fixtures/run-model';

const vit = buildVit({ spelledOut: true });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-check-'));
});
afterAll(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

async function write(name: string, bytes: Uint8Array): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, bytes);
  return file;
}

/** Changes the first exponent of a decomposed LayerNorm, which ONNX Runtime's fusion does not look at. */
function withExponent(exponent: number): Uint8Array {
  return editModel(vit.bytes, (graph) => {
    const power = graph.node.find(({ opType }) => opType === 'Pow');
    const constant = structuredClone(weight(graph, power?.input[1] ?? ''));
    constant.name = 'another exponent';
    constant.rawData = floatBytes([exponent]);
    graph.initializer.push(constant);
    if (power) power.input[1] = constant.name;
  });
}

function weight(graph: GraphProto, name: string) {
  const found = graph.initializer.find((tensor) => tensor.name === name);
  if (!found) throw new Error(`there is no weight “${name}”`);
  return found;
}

async function failure(opening: Promise<unknown>): Promise<EngineError> {
  const error: unknown = await opening.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof EngineError)) throw new Error(`no EngineError: ${String(error)}`);
  return error;
}

describe('a prepared model is compared with its file', () => {
  const pixels = picture(vit.inputDims);

  it.each([0, 4, 6])('a LayerNorm whose exponent is %d is none', async (exponent) => {
    const bytes = withExponent(exponent);
    const expected = await runModel(bytes, pixels, vit.inputDims, 'logits', 'disabled');
    // What made it wrong.
    const fused = await runModel(bytes, pixels, vit.inputDims, 'logits', 'all');
    expect(largestDifference(fused, expected)).toBeGreaterThan(1e-2);

    const model = await canonicalise(await write(`exponent-${exponent}.onnx`, bytes));
    const given = await runModel(model.bytes, pixels, vit.inputDims, 'logits', 'disabled');
    expect(largestDifference(given, expected)).toBeLessThan(1e-5);
  });

  it('a wrong rewrite is refused, and nothing of it is kept', async () => {
    const { simplify } = simplification;
    const wrong = vi.spyOn(simplification, 'simplify').mockImplementation((graph) => {
      const right = simplify(graph);
      const nodes = right.nodes.map((node) =>
        node.op === 'LayerNormalization'
          ? { ...node, attributes: { ...node.attributes, epsilon: 0.01 } }
          : node,
      );
      return { ...right, nodes };
    });
    const cacheFolder = path.join(folder, 'wrong');
    const error = await failure(canonicalise(await write('a.onnx', vit.bytes), { cacheFolder }));
    wrong.mockRestore();
    expect(error.code).toBe('model-unreadable');
    expect(error.message).toContain('cannot be prepared without changing what it computes');
    expect(await readdir(cacheFolder)).toEqual([]);
  });

  it('once: what is in the cache was found right', async () => {
    const cacheFolder = path.join(folder, 'once');
    const file = await write('once.onnx', withExponent(4));
    const stages: string[] = [];
    const onStage = (phrase: string) => stages.push(phrase);
    const first = await canonicalise(file, { cacheFolder, onStage });
    expect(stages).toContain('Checking the prepared model');
    const seen = stages.length;

    const run = vi.spyOn(modelProcess.ModelProcess.prototype, 'run');
    const second = await canonicalise(file, { cacheFolder, onStage });
    expect(run).not.toHaveBeenCalled();
    run.mockRestore();
    expect(second.fromCache).toBe(true);
    expect(Buffer.compare(second.bytes, first.bytes)).toBe(0);
    expect(stages).toHaveLength(seen);
  });

  it('and if that cannot be done it is said, each time', async () => {
    const ended = new modelProcess.ModelProcessEnded('spawn EAGAIN');
    const run = vi.spyOn(modelProcess.ModelProcess.prototype, 'run').mockRejectedValue(ended);
    const cacheFolder = path.join(folder, 'unchecked');
    const file = await write('unchecked.onnx', vit.bytes);
    const first = await canonicalise(file, { cacheFolder });
    run.mockRestore();
    expect(first.notices.join()).toMatch(/not compared with the file.*spawn EAGAIN/);
    const second = await canonicalise(file, { cacheFolder });
    expect(second.fromCache).toBe(true);
    expect(second.notices).toEqual(first.notices);
  });
});

describe('float64', () => {
  async function opened(bytes: Uint8Array, name: string) {
    const file = await write(name, bytes);
    const cacheFolder = path.join(folder, 'precisions');
    const explainer = await openExplainer(file, { threads: 1, provider: 'cpu', cacheFolder });
    const { logits } = await explainer.classify(picture(vit.inputDims));
    await explainer.release();
    const { precision, fromCache } = await canonicalise(file, { cacheFolder });
    return { logits, precision, fromCache };
  }

  it('computes what float32 does', async () => {
    const { precision, fromCache } = await opened(vit.bytes, 'sound.onnx');
    expect({ precision, fromCache }).toEqual({ precision: 'double', fromCache: true });
  });

  it('is not for a model that only float32 gives the answers of', async () => {
    // The square of this overflows inside the norms, which makes all features zeros there.
    const bytes = editModel(vit.bytes, (graph) => {
      const embedding = graph.node.find(({ opType }) => opType === 'Conv');
      const bias = weight(graph, embedding?.input[2] ?? '');
      const values = floatValues(bias.rawData);
      values[0] = 1e30;
      bias.rawData = floatBytes(values);
    });
    const pixels = picture(vit.inputDims);
    const expected = await runModel(bytes, pixels, vit.inputDims, 'logits', 'disabled');
    const { logits, precision, fromCache } = await opened(bytes, 'overflowing.onnx');
    expect({ precision, fromCache }).toEqual({ precision: 'single', fromCache: true });
    expect(largestDifference(logits, expected)).toBeLessThan(1e-5);
  });
});

describe('the process that runs models', () => {
  it('says why ONNX Runtime refuses one, and goes on', async () => {
    const runner = new modelProcess.ModelProcess();
    const job = { options: { logSeverityLevel: 3 as const }, inputs: [] };
    try {
      await expect(runner.run({ ...job, model: new Uint8Array([1, 2, 3]) })).rejects.toBeInstanceOf(
        modelProcess.ModelRunFailed,
      );
      expect(await runner.run({ ...job, model: vit.bytes })).toEqual([]);
    } finally {
      await runner.end();
    }
  });

  it('ends in the middle of a run', async () => {
    const runner = new modelProcess.ModelProcess();
    const answer = runner.run({ model: vit.bytes, options: {}, inputs: [] });
    const told = expect(answer).rejects.toBeInstanceOf(modelProcess.ModelProcessEnded);
    await runner.end();
    await told;
  });
});

describe('weights that are no numbers', () => {
  /** Changes a number of the weight of the head. */
  function withHeadNumber(value: number): { bytes: Uint8Array; name: string } {
    let name = '';
    const bytes = editModel(vit.bytes, (graph) => {
      const head = graph.node.find(({ opType }) => opType === 'Gemm');
      const tensor = weight(graph, head?.input[1] ?? '');
      const values = floatValues(tensor.rawData);
      values[1] = value;
      tensor.rawData = floatBytes(values);
      name = tensor.name;
    });
    return { bytes, name };
  }

  it.each([
    ['NaN', NaN],
    ['infinity', Infinity],
    ['infinity', -Infinity],
  ])('%s in one is found by its name', async (kind, value) => {
    const { bytes, name } = withHeadNumber(value);
    const error = await failure(canonicalise(await write(`weight-${String(value)}.onnx`, bytes)));
    expect(error.code).toBe('not-finite');
    expect(error.message).toContain(`${kind} first appears in the weight “${name}”`);
  });

  it('a mask of −∞ that leaves the answer finite is none of them', async () => {
    const bytes = editModel(vit.bytes, (graph) => {
      const softmax = graph.node.find(({ opType }) => opType === 'Softmax');
      const scores = softmax?.input[0] ?? '';
      const [mask] = structuredClone(graph.initializer.filter(({ dataType }) => dataType === 1));
      if (!mask) throw new Error('there is no weight');
      const values = floatBytes([0, 0, -Infinity, 0, 0, 0, -Infinity]);
      Object.assign(mask, { name: 'mask', dims: [7n], rawData: values });
      graph.initializer.push(mask);
      const at = graph.node.findIndex((node) => node === softmax);
      const sum = structuredClone(graph.node[at]);
      if (!sum || !softmax) throw new Error('there is no softmax');
      Object.assign(sum, { opType: 'Add', name: 'masked', input: [scores, 'mask'] });
      Object.assign(sum, { output: ['masked'], attribute: [] });
      softmax.input = ['masked'];
      graph.node.splice(at, 0, sum);
    });
    const file = await write('masked.onnx', bytes);
    const pixels = picture(vit.inputDims);
    const { bytes: canonical } = await canonicalise(file);
    const given = await runModel(canonical, pixels, vit.inputDims);
    const expected = await runModel(bytes, pixels, vit.inputDims, 'logits', 'disabled');
    expect(largestDifference(given, expected)).toBeLessThan(1e-5);
  });

  it('what overflows on the way is found by the operator behind which it does', async () => {
    const bytes = editModel(vit.bytes, (graph) => {
      const power = graph.node.find(({ opType }) => opType === 'Pow');
      const scale = structuredClone(weight(graph, power?.input[1] ?? ''));
      Object.assign(scale, { name: 'huge', rawData: floatBytes([3e38]) });
      graph.initializer.push(scale);
      const softmax = graph.node.find(({ opType }) => opType === 'Softmax');
      const product = graph.node.find(({ output }) => output[0] === softmax?.input[0]);
      if (!product) throw new Error('there is no scaled product');
      product.name = 'overflow';
      product.input[1] = 'huge';
    });
    const error = await failure(canonicalise(await write('overflow.onnx', bytes)));
    expect(error.code).toBe('not-finite');
    expect(error.message).toMatch(/(NaN|infinity) first appears behind the operator \w+ “\w+”/);
  });
});
