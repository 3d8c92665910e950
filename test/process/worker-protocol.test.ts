/** What goes to the worker and comes back is what the protocol says, and what is not is told in a sentence. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { calls, type CallName, type Params } from '../../src/shared/protocol/calls';
import { usualLook } from '../../src/shared/look';
import type { FromWorker } from '../../src/shared/protocol/worker';
import { WorkerClient } from '../../src/worker/client';
import { WorkerServer } from '../../src/worker/server';
import { bundle } from './bundle';
import { explainParams, makeScene, type Scene } from './scene';

let scene: Scene;
let worker: Awaited<ReturnType<typeof bundle>>;
let client: WorkerClient;

beforeAll(async () => {
  [scene, worker] = await Promise.all([makeScene(), bundle('worker')]);
  client = new WorkerClient(worker.file, scene.settings, () => undefined);
});
afterAll(async () => {
  client.dispose();
  await Promise.all([scene.remove(), worker.remove()]);
});

/** The result of a call whose events and result are as its schemas say. */
async function asked<Name extends CallName>(name: Name, params: Params<Name>) {
  const events: unknown[] = [];
  v.assert(calls[name].params, params);
  const result = await client.call(name, params, { onEvent: (event) => events.push(event) });
  for (const event of events) v.assert(calls[name].event, event);
  v.assert(calls[name].result, result);
  return result;
}

it('every answer is as its schema says', async () => {
  const { small: model, png, folder } = scene;
  const file = path.join(folder, 'one.png');
  await writeFile(file, png);
  expect((await asked('methods', {})).length).toBeGreaterThan(5);
  const params = explainParams(model, png, { stability: true });
  const result = await asked('explain', params);
  expect((await asked('inspect', { model })).classes).toBe(model.labels.length);
  const method = { signed: true, pixels: false };
  const sheetParams = { image: params.image, result, method, look: usualLook };
  const { png: sheet } = await asked('contactSheet', sheetParams);
  expect(sheet.length).toBeGreaterThan(1000);
  const picture = { bytes: png, name: 'one.png', maxSide: 20 };
  expect((await asked('picture', picture)).width).toBe(20);
  expect((await asked('thumbnail', picture)).width).toBe(40);
  const call = { model, method: 'attention_rollout', options: {} };
  const { modelSha256 } = await asked('open', call);
  expect(modelSha256).toBe(result.modelSha256);
  const samples = [
    { path: file, name: 'one.png', label: 'label 1', truth: 1 },
    { path: `${file}.absent`, name: 'absent.png' },
  ];
  await asked('batch', { ...call, modelSha256, samples });
});

it.each([
  ['nothing', undefined],
  ['parameters of another call', { model: 3 }],
  ['a picture that is none', (params: object) => ({ ...params, image: { kind: 'encoded' } })],
])('%s is a failure that names what is wrong, and the process works on', async (_, wrong) => {
  const right = explainParams(scene.small, scene.png);
  const before = client.processId;
  const params = typeof wrong === 'function' ? wrong(right) : wrong;
  await expect(client.call('explain', params as typeof right)).rejects.toMatchObject({
    code: 'internal',
    message: expect.stringMatching(
      /call “explain” .* cannot take: .*(missing|instead|undefined)/,
    ) as string,
  });
  await client.call('explain', right);
  expect(client.processId).toBe(before ?? client.processId);
});

it('a portion without samples is none', async () => {
  const call = { model: scene.small, method: 'attention', options: {} };
  const { modelSha256 } = await client.call('open', call);
  await expect(client.call('batch', { ...call, modelSha256, samples: [] })).rejects.toMatchObject({
    message: expect.stringContaining('samples') as string,
  });
});

it('a message that is none is answered where it names a call, and told in the log where it does not', () => {
  const sent: FromWorker[] = [];
  const log = vi.spyOn(console, 'error').mockReturnValue(undefined);
  const server = new WorkerServer(
    (message) => sent.push(message),
    () => undefined,
  );
  for (const message of [undefined, 7, {}, { kind: 'settings', settings: {} }])
    server.receive(message);
  expect(log).toHaveBeenCalledTimes(4);
  expect(sent).toEqual([]);
  server.receive({ kind: 'call', id: 5, name: 'unheard of', params: {} });
  expect(sent).toMatchObject([
    {
      kind: 'failure',
      id: 5,
      failure: { code: 'internal', message: expect.stringContaining('“name” is') as string },
    },
  ]);
  log.mockRestore();
});
