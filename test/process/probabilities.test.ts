/** Models that end in probabilities: the logits behind them are explained, and the percentages are theirs. */
import { create } from '@bufbuild/protobuf';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NodeProtoSchema } from '../../src/engine/onnx/onnx_pb';
import type { ModelDescription } from '../../src/shared/model';
import type { StatedOutput } from '../../src/shared/output-kind';
import { DatasetTally } from '../../src/dataset/dataset-summary';
import { Listing } from '../../src/dataset/listing';
import { prepareBatch } from '../../src/dataset/prepare-batch';
import { htmlReport } from '../../src/dataset/report/html-report';
import { Failure } from '../../src/shared/failure';
import type { SampleResult } from '../../src/shared/sample-result';
import { WorkerClient } from '../../src/worker/client';
import { buildVit } from '../fixtures/build-vit';
import { editModel } from '../fixtures/edit-model';
import { bundle } from './bundle';
import { explainParams, makeScene, writeModel, type Scene } from './scene';

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
  const call = { model, method: 'attention_rollout', options: {} };
  const { modelSha256, notices } = await client.call('open', call);
  await client.call(
    'batch',
    { ...call, modelSha256, samples },
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
  expect(own.notices.join()).toContain('do not add up to 100.');
  expect(plain.notices.join()).not.toContain('do not add up');
});

it('a sigmoid in a dataset: the same probabilities', async () => {
  const { topK } = await client.call('explain', explainParams(sigmoid, scene.png));
  const { result, notices } = await inspect(sigmoid);
  expect(result.top[0]?.probability).toBeCloseTo(topK[0]?.probability ?? NaN, 6);
  const truth = result.top.find(({ index }) => index === 1);
  expect(result.loss).toBeCloseTo(-Math.log(truth?.probability ?? NaN), 5);
  expect(notices.join()).toContain('do not add up to 100; a label counts as right');
});

it('a softmax: all as without it', async () => {
  const plain = await client.call('explain', explainParams(scene.small, scene.png));
  const own = await client.call('explain', explainParams(softmax, scene.png));
  expect(own.heatmaps).toEqual(plain.heatmaps);
  expect(own.topK).toEqual(plain.topK);
  expect((await inspect(softmax)).result).toEqual((await inspect(scene.small)).result);
});

/** The small model with one number at its end, its labels, and what a manifest says of it. */
async function single(labels: readonly string[], output?: StatedOutput): Promise<ModelDescription> {
  const model = await writeModel(path.join(scene.folder, 'single.onnx'), { classes: 1, seed: 3 });
  return { ...model, labels, ...(output && { output }) };
}

describe('one number', () => {
  it('with one label: the probability of that class, which is an assumption', async () => {
    const model = await single(['tumour']);
    const { topK, output, assumed } = await client.call('explain', explainParams(model, scene.png));
    const [{ logit = NaN } = {}] = topK;
    expect(topK).toEqual([
      {
        index: 0,
        label: 'tumour',
        logit,
        probability: expect.closeTo(1 / (1 + Math.exp(-logit)), 6) as number,
      },
    ]);
    expect(output).toBe('binary');
    expect(assumed.map(({ field }) => field)).toContain('output');
  });

  it.each([
    [[], ['negative', 'positive']],
    [['tumour'], ['not tumour', 'tumour']],
  ])('in a dataset, named %j: below a half the answer is the other side', async (labels, names) => {
    const answers = new Set<number>();
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const file = path.join(scene.folder, `one-${labels.length}-${seed}.onnx`);
      const model = { ...(await writeModel(file, { classes: 1, seed })), labels };
      const alone = await client.call('explain', explainParams(model, scene.png));
      const probability = alone.topK[0]?.probability ?? NaN;
      const call = { model, method: 'attention_rollout', options: {} };
      const opened = await client.call('open', call);
      expect(opened).toMatchObject({ labels: names, oneSideNamed: true, assumed: alone.assumed });
      const [best] = (await inspect(model)).result.top;
      expect(best?.index).toBe(probability < 0.5 ? 0 : 1);
      expect(best?.probability).toBeCloseTo(Math.max(probability, 1 - probability), 5);
      answers.add(best?.index ?? NaN);

      const list = await Listing.open({
        root: scene.folder,
        folders: false,
        samples: () => [[{ name: 'a.png', label: 'tumour', split: undefined }]],
        skipped: () => [],
        notices: () => [],
        empty: () => new Failure('dataset-unusable', 'Empty.', 'Fill it.'),
      });
      const request = { ...call, source: scene.folder, list, opened, annotations: [] };
      const prepared = await prepareBatch(request);
      for await (const sample of prepared.samples) expect(sample).not.toHaveProperty('truth');
      const { header } = await prepared.whole();
      expect(
        htmlReport(header, new DatasetTally(), new Map(), {
          classSpecific: true,
          signed: false,
          pixels: false,
        }),
      ).toContain('labels count in no accuracy');
    }
    expect(answers.size).toBe(2);
  });

  it('with two labels: both sides, and labels of a dataset are right or wrong', async () => {
    const model = await single(['benign', 'tumour']);
    const [alone] = (await client.call('explain', explainParams(await single([]), scene.png))).topK;
    const both = await client.call('explain', explainParams(model, scene.png));
    const [first, second] = both.topK;
    expect((first?.probability ?? 0) + (second?.probability ?? 0)).toBeCloseTo(1, 6);
    const tumour = both.topK.find(({ label }) => label === 'tumour');
    expect(tumour?.probability).toBeCloseTo(alone?.probability ?? NaN, 6);
    expect(alone?.label).toBe('positive');
    const { result } = await inspect(model);
    expect(result.top).toHaveLength(2);
    expect(result.loss).toBeCloseTo(-Math.log(tumour?.probability ?? NaN), 5);
  });

  it('of a regression: a value, in place of a probability, in an answer and in a dataset', async () => {
    const model = await single([], { kind: 'value', by: 'manifest' });
    const { topK, scores, output } = await client.call('explain', explainParams(model, scene.png));
    expect(output).toBe('value');
    expect(topK).toEqual([{ index: 0, label: 'value', value: expect.any(Number) as number }]);
    expect(scores).toEqual(topK);
    const { result } = await inspect(model);
    expect(result.top).toEqual([
      { index: 0, value: expect.closeTo(topK[0]?.value ?? NaN, 5) as number },
    ]);
    expect(result.loss).toBeUndefined();
  });
});

it('the same results are kept apart by what the numbers mean', async () => {
  const asSigmoid = await single(['benign', 'tumour']);
  const before = (await inspect(asSigmoid)).result;
  const asValue = { ...asSigmoid, output: { kind: 'value', by: 'manifest' } as const };
  expect((await inspect(asValue)).result.top[0]).toEqual({
    index: 0,
    value: expect.any(Number) as number,
  });
  expect((await inspect(asSigmoid)).result).toEqual(before);
});

it('an answer of sorted scores is refused for every method, attention too', async () => {
  const model = await writeModel(path.join(scene.folder, 'sorted.onnx'), {});
  const { bytes } = buildVit(
    {},
    (b, x) => b.nodeWithOutputs('TopK', [x, b.ints([5])], { axis: -1 }, 2)[0],
  );
  await writeFile(model.path, bytes);
  for (const method of ['attention', 'attention_rollout', 'transformer_attribution']) {
    const call = client.call('explain', { ...explainParams(model, scene.png), method });
    await expect(call).rejects.toMatchObject({ code: 'model-not-a-vit' });
  }
});
