/** The call `faithfulness`: what it gives, what it remembers, what it tells. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as v from 'valibot';
import { faithfulness } from '../../src/service/faithfulness';
import { Workroom } from '../../src/service/workroom';
import { defaultMeasuring, faithfulnessSchema, removals } from '../../src/shared/faithfulness';
import type { ModelDescription } from '../../src/shared/model';
import type { FaithfulnessParams } from '../../src/shared/protocol/faithfulness';
import { resolveModel } from '../../src/store/resolve-model';
import { buildVit, picture } from '../fixtures/build-vit';

const { bytes, inputDims } = buildVit({ grid: [4, 5], blocks: 2 });
let folder = '';
let model: ModelDescription;
let room: Workroom;
const progress: number[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-faithfulness-'));
  const file = path.join(folder, 'vit.onnx');
  await writeFile(file, bytes);
  model = await resolveModel(file, { starterFolder: folder });
  const cacheFolder = path.join(folder, 'cache');
  room = new Workroom({ threads: 1, provider: 'cpu', cacheFolder, sessionBytes: 2 ** 30 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function ask(changes: Partial<FaithfulnessParams> = {}) {
  const values = picture(inputDims);
  const params: FaithfulnessParams = {
    image: { kind: 'tensor', values, shape: [...inputDims], name: 'waves' },
    model,
    method: 'libra_fullgrad',
    options: {},
    targets: { topK: 3 },
    measuring: defaultMeasuring,
    ...changes,
  };
  return faithfulness(params, room, (event) => {
    if (event.kind === 'progress') progress.push(event.done / event.total);
  });
}

it('measures the best class’s map, tells how far it is, and remembers all of it', async () => {
  const first = await ask();
  expect(v.safeParse(faithfulnessSchema, first).success).toBe(true);
  expect(first.order.toSorted((a, b) => a - b)).toEqual([...Array(20).keys()]);
  expect(first.runs).toBeGreaterThan(0);
  expect(first.classSensitivity).toBeGreaterThan(0);
  expect(first.completenessError).toBeLessThan(1e-3);
  expect(progress.at(-1)).toBe(1);
  const told = progress.length;
  expect(await ask()).toBe(first);
  expect(progress).toHaveLength(told);
});

it('shares the masks of the controls between methods and classes', async () => {
  const first = await ask();
  const other = await ask({ method: 'attention_rollout' });
  const contrast = await ask({ targets: { contrast: [0, 1] } });
  expect(other.runs).toBeLessThan(first.runs / 2);
  expect(contrast.runs).toBeLessThan(first.runs / 2);
  expect(other.classSensitivity).toBe(0);
  expect(other.completenessError).toBeUndefined();
  expect(contrast.classSensitivity).toBeUndefined();
});

it('takes patches away in every way', async () => {
  for (const removal of removals) {
    const { figures, shares } = await ask({ measuring: { ...defaultMeasuring, removal } });
    expect(shares.at(-1)).toBe(1);
    expect(Math.abs(figures.abc)).toBeLessThanOrEqual(1);
    expect(figures.insertion - figures.deletion).toBeCloseTo(figures.abc, 12);
  }
});
