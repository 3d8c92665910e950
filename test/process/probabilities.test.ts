/** Models that end in probabilities: the logits behind them are explained, and the percentages are theirs. */
import { create } from '@bufbuild/protobuf';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { NodeProtoSchema } from '../../src/engine/onnx/onnx_pb';
import type { ModelDescription } from '../../src/shared/model';
import type { SampleResult } from '../../src/shared/sample-result';
import { WorkerClient } from '../../src/worker/client';
import { editModel } from '../fixtures/edit-model';
import { bundle } from './bundle';
import { explainParams, makeScene, type Scene } from './scene';

let scene: Scene;
let worker: Awaited<ReturnType<typeof bundle>>;
let client: WorkerClient;
let sigmoid: ModelDescription;
let softmax: ModelDescription;

beforeAll(async () => {
  [scene, worker] = await Promise.all([makeScene(), bundle('worker')]);
  client = new WorkerClient(worker.file, scene.settings, () => undefined);
  [sigmoid, softmax] = await Promise.all([endingIn('Sigmoid'), endingIn('Softmax')]);
});
afterAll(async () => {
  client.dispose();
  await Promise.all([scene.remove(), worker.remove()]);
});

/** The small model with an operator behind its logits. */
async function endingIn(opType: string): Promise<ModelDescription> {
  const bytes = editModel(await readFile(scene.small.path), ({ node, output }) => {
    const [logits] = output;
    if (logits === undefined) throw new Error('The small model has no output.');
    const input = [logits.name];
    logits.name = 'probabilities';
    node.push(create(NodeProtoSchema, { opType, input, output: [logits.name] }));
  });
  const file = path.join(scene.folder, `${opType}.onnx`);
  await writeFile(file, bytes);
  return { ...scene.small, id: `file:${file}`, path: file };
}

/** The one sample of a dataset. */
async function inspect(model: ModelDescription) {
  const photo = path.join(scene.folder, 'photo.png');
  await writeFile(photo, scene.png);
  const results: SampleResult[] = [];
  const samples = [{ name: 'photo.png', path: photo, truth: 1 }];
  const { notices } = await client.call(
    'batch',
    { model, method: 'attention_rollout', options: {}, samples },
    { onEvent: (event) => event.kind === 'sample' && results.push(event.result) },
  );
  const [result] = results;
  if (!result?.ok) throw new Error('The sample was not explained.');
  return { result, notices };
}

it('a sigmoid: the maps of the same model without it, and each class judged on its own', async () => {
  const plain = await client.call('explain', explainParams(scene.small, scene.png));
  const own = await client.call('explain', explainParams(sigmoid, scene.png));
  expect(own.heatmaps).toEqual(plain.heatmaps);
  for (const [at, { logit, probability }] of own.topK.entries()) {
    expect(logit).toBeCloseTo(plain.topK[at]?.logit ?? NaN, 6);
    expect(probability).toBeCloseTo(1 / (1 + Math.exp(-(logit ?? NaN))), 6);
  }
  expect(own.notices.join()).toContain('do not add up to 100');
  expect(plain.notices.join()).not.toContain('do not add up');
});

it('a sigmoid in a dataset: the same probabilities', async () => {
  const { topK } = await client.call('explain', explainParams(sigmoid, scene.png));
  const { result, notices } = await inspect(sigmoid);
  expect(result.top[0]?.probability).toBeCloseTo(topK[0]?.probability ?? NaN, 6);
  const truth = result.top.find(({ index }) => index === 1);
  expect(result.loss).toBeCloseTo(-Math.log(truth?.probability ?? NaN), 5);
  expect(notices.join()).toContain('do not add up to 100');
});

it('a softmax: all as without it', async () => {
  const plain = await client.call('explain', explainParams(scene.small, scene.png));
  const own = await client.call('explain', explainParams(softmax, scene.png));
  expect(own.heatmaps).toEqual(plain.heatmaps);
  expect(own.topK).toEqual(plain.topK);
  expect((await inspect(softmax)).result).toEqual((await inspect(scene.small)).result);
});
