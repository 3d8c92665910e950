/** Which maps the rounding of the forward run shapes, and that only these are walked over float64. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ImageSession } from '../../src/engine/image-program';
import { methods } from '../../src/engine/methods/catalogue';
import type { Method } from '../../src/engine/methods/method';
import { canonicalise } from '../../src/engine/onnx/canonicalise';
import type { Precision } from '../../src/engine/onnx/double-precision';
import type { Graph } from '../../src/engine/onnx/graph';
import { imageProgram } from '../../src/engine/record-image-program';
import { findStructure } from '../../src/engine/vit/find-structure';
import { buildVit, picture } from '../fixtures/build-vit';
import { relativeError } from '../golden-figures';

const vit = buildVit({ blocks: 12, heads: 3, headDim: 16, mlpRatio: 4, grid: [6, 6], classes: 10 });
const pixels = picture(vit.inputDims);
/** Relative L2 difference. */
const limit = 1e-4;

let folder = '';
let graph: Graph;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-precision-'));
  const file = path.join(folder, 'vit.onnx');
  await writeFile(file, vit.bytes);
  ({ graph } = await canonicalise(file));
});
afterAll(() => rm(folder, { recursive: true }));

async function map(method: Method, precision: Precision): Promise<Float32Array> {
  const model = { graph, structure: findStructure(graph), kind: 'softmax', precision } as const;
  const program = imageProgram(model, method, {});
  if (!program) throw new Error(`there is no program for ${method.info.id}`);
  const session = await ImageSession.open(program, 1);
  const [, found] = await session.run(pixels);
  await session.release();
  return found?.data ?? new Float32Array();
}

const inOneGraph = methods.filter((method) => method.images === undefined);
const named = (list: readonly Method[]) => list.map((method) => [method.info.id, method] as const);

describe('a map over a forward run in float32', () => {
  it.each(named(inOneGraph.filter((method) => method.magnifiesRounding !== true)))(
    'is that over float64: %s',
    async (_, method) => {
      const [single, double] = [await map(method, 'single'), await map(method, 'double')];
      expect(relativeError(single, double)).toBeLessThan(limit);
    },
  );

  it.each(named(inOneGraph.filter((method) => method.magnifiesRounding === true)))(
    'is further from it than rounding is: %s',
    async (_, method) => {
      const [single, double] = [await map(method, 'single'), await map(method, 'double')];
      expect(relativeError(single, double)).toBeGreaterThan(limit);
    },
  );
});
