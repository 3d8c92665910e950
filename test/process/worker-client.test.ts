/** The worker process as the extension drives it: order, crashes, cancelling, idling, caches. */
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { CallEvent } from '../../src/shared/protocol/calls';
import type { WorkerSettings } from '../../src/shared/protocol/settings';
import { WorkerClient } from '../../src/worker/client';
import { bundle } from './bundle';
import {
  explainParams,
  gradientPicture,
  makeScene,
  slowExplain,
  writeModel,
  type Scene,
} from './scene';

let scene: Scene;
let worker: Awaited<ReturnType<typeof bundle>>;
const clients: WorkerClient[] = [];

beforeAll(async () => {
  [scene, worker] = await Promise.all([makeScene(), bundle('worker')]);
});
afterEach(() => {
  clients.splice(0).forEach((client) => {
    client.dispose();
  });
});
afterAll(async () => {
  await Promise.all([scene.remove(), worker.remove()]);
});

function start(changes: Partial<WorkerSettings> = {}, log: string[] = []): WorkerClient {
  const client = new WorkerClient(worker.file, { ...scene.settings, ...changes }, (line) => {
    log.push(line);
  });
  clients.push(client);
  return client;
}

/** Starts the slow request and waits until the model is at work. */
async function startSlowCall(client: WorkerClient, signal?: AbortSignal, owner = 'slow panel') {
  let outcome: Promise<unknown> = Promise.resolve();
  await new Promise<void>((atWork, reject) => {
    const onEvent = (event: CallEvent<'explain'>) => {
      if (event.kind === 'stage' && event.phrase.startsWith('Tracing')) atWork();
    };
    const call = client.call('explain', slowExplain(scene), {
      owner,
      onEvent,
      ...(signal ? { signal } : {}),
    });
    outcome = call.then(
      () => 'answered',
      (failure: unknown) => failure,
    );
    call.catch(reject);
  });
  return { outcome };
}

function explainSmall(client: WorkerClient) {
  return client.call('explain', explainParams(scene.small, scene.png));
}

it('lets a debugger attach where it is told to', async () => {
  vi.stubEnv('VIT_EXPLAINER_INSPECT_WORKER', '0');
  const log: string[] = [];
  const client = start({}, log);
  await client.call('methods', {});
  vi.unstubAllEnvs();
  const [, port] = /ws:\/\/127\.0\.0\.1:(\d+)\//.exec(log.join('\n')) ?? [];
  const answer = await fetch(`http://127.0.0.1:${port ?? 'none'}/json/version`);
  expect(await answer.json()).toHaveProperty('Protocol-Version');
});

it('rests on demand, with its process gone, and works on with the next call', async () => {
  const client = start();
  await client.rest();
  await explainSmall(client);
  const before = client.processId ?? 0;
  await client.rest();
  expect(client.processId).toBeUndefined();
  expect(() => process.kill(before, 0)).toThrow(/ESRCH/);
  await explainSmall(client);
  expect(client.processId).not.toBe(before);
});

it('does not rest in the middle of a call', async () => {
  const client = start();
  const { outcome } = await startSlowCall(client);
  await client.rest();
  expect(await outcome).toBe('answered');
});

it('tells the stages, then the classes, then gives the maps', async () => {
  const events: CallEvent<'explain'>[] = [];
  const result = await start().call('explain', explainParams(scene.small, scene.png), {
    onEvent: (event) => events.push(event),
  });
  const kinds = events.map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'classified')).toHaveLength(1);
  expect(kinds.indexOf('classified')).toBeGreaterThan(kinds.indexOf('stage'));
  const classified = events.find((event) => event.kind === 'classified');
  expect(classified?.topK).toEqual(result.topK);
  expect(result.topK).toHaveLength(3);
  expect(result.topK[0]?.label).toMatch(/^label \d$/);
  expect(result.heatmaps).toHaveLength(2);
  expect(result.heatmaps[0]?.values).toBeInstanceOf(Float32Array);
  expect(result.heatmaps[0]?.values).toHaveLength(6);
  expect(result.heatmaps[0]?.shape).toEqual([2, 3]);
  expect(result.heatmaps[0]?.values.some((value) => value !== 0)).toBe(true);
});

it('gives a picture that browsers do not draw as PNG', async () => {
  const tiff = await gradientPicture(400, 100).tiff().toBuffer();
  const params = { bytes: tiff, name: 'scan.tiff', maxSide: 200 };
  const { png, width, height } = await start().call('picture', params);
  expect([width, height]).toEqual([200, 50]);
  expect(await sharp(png).metadata()).toMatchObject({ format: 'png', width: 200, height: 50 });
});

it('tells the classes while the maps are still being made', async () => {
  const client = start();
  const begun = performance.now();
  let classifiedAt = 0;
  await client.call('explain', slowExplain(scene), {
    onEvent: ({ kind }) => {
      if (kind === 'classified') classifiedAt = performance.now() - begun;
    },
  });
  const whole = performance.now() - begun;
  expect(classifiedAt).toBeLessThan(whole * 0.8);
});

it('names the cause when the process is killed in mid-run, and works again', async () => {
  const log: string[] = [];
  const client = start({}, log);
  const { outcome } = await startSlowCall(client);
  const killed = client.processId;
  process.kill(killed ?? 0, 'SIGKILL');
  expect(await outcome).toMatchObject({
    code: 'worker-died',
    message: expect.stringContaining('SIGKILL') as string,
  });
  expect(log.join('\n')).toContain('SIGKILL');
  expect((await explainSmall(client)).heatmaps).toHaveLength(2);
  expect(client.processId).not.toBe(killed);
});

it.each([
  ['SIGKILL', 45],
  ['SIGSEGV', 6],
  ['SIGTERM', 6],
] as const)(
  'sends a request again that met a process which %s ended while idle',
  async (signal, turns) => {
    const log: string[] = [];
    const client = start({}, log);
    await client.call('methods', {});
    for (let turn = 0; turn < turns; turn++) {
      process.kill(client.processId ?? 0, signal);
      // 0 to 5 ms: before anything, or some part, of the death is known here.
      if (turn % 6 > 0) await sleep(turn % 6);
      expect((await client.call('methods', {})).length).toBeGreaterThan(2);
    }
    expect(log.filter((line) => line.includes('unexpectedly'))).toHaveLength(turns);
  },
);

it('gives up on a process that dies before it begins, and says why', async () => {
  const file = `${worker.file}.dies.cjs`;
  await writeFile(file, "process.on('message', () => process.kill(process.pid, 'SIGABRT'));");
  const client = new WorkerClient(file, scene.settings, () => undefined);
  clients.push(client);
  await expect(client.call('methods', {})).rejects.toThrow(/native code crashed \(SIGABRT\)/);
  await rm(file);
});

it('names a crash of native code', async () => {
  const client = start();
  const { outcome } = await startSlowCall(client);
  process.kill(client.processId ?? 0, 'SIGABRT');
  expect(await outcome).toMatchObject({
    code: 'worker-died',
    message: expect.stringContaining('native code crashed (SIGABRT)') as string,
  });
});

it('says so when the process cannot be started', async () => {
  const client = new WorkerClient(`${worker.file}.absent.js`, scene.settings, () => undefined);
  clients.push(client);
  await expect(client.call('methods', {})).rejects.toMatchObject({ code: 'worker-died' });
});

it('answers a cancel at once, and the next request works', async () => {
  const client = start();
  const abort = new AbortController();
  const { outcome } = await startSlowCall(client, abort.signal);
  await sleep(100);
  const before = performance.now();
  abort.abort();
  expect(await outcome).toMatchObject({ code: 'cancelled' });
  expect(performance.now() - before).toBeLessThan(200);
  expect((await explainSmall(client)).heatmaps).toHaveLength(2);
});

it('ends the cancelled run for real', async () => {
  const client = start();
  const abort = new AbortController();
  const { outcome } = await startSlowCall(client, abort.signal);
  const processId = client.processId ?? 0;
  abort.abort();
  await outcome;
  await expect.poll(() => isAlive(processId), { timeout: 2000 }).toBe(false);
});

it('keeps the requests of others when one is cancelled', async () => {
  const client = start();
  const abort = new AbortController();
  const { outcome } = await startSlowCall(client, abort.signal);
  const others = [explainSmall(client), client.call('methods', {})] as const;
  abort.abort();
  expect(await outcome).toMatchObject({ code: 'cancelled' });
  expect((await others[0]).heatmaps).toHaveLength(2);
  expect((await others[1]).length).toBeGreaterThan(2);
});

it('keeps the waiting requests when the process dies under another one', async () => {
  const client = start();
  const { outcome } = await startSlowCall(client);
  const other = explainSmall(client);
  process.kill(client.processId ?? 0, 'SIGKILL');
  expect(await outcome).toMatchObject({ code: 'worker-died' });
  expect((await other).heatmaps).toHaveLength(2);
});

it('lets the newest request of an owner win', async () => {
  const client = start();
  const { outcome } = await startSlowCall(client, undefined, 'one panel');
  const ask = (method: string) =>
    client.call('explain', explainParams(scene.small, scene.png, { method }), {
      owner: 'one panel',
    });
  const middle = ask('attention').catch((failure: unknown) => failure);
  const newest = ask('attention_rollout');
  expect(await outcome).toMatchObject({ code: 'cancelled' });
  expect(await middle).toMatchObject({ code: 'cancelled' });
  expect((await newest).method).toBe('attention_rollout');
});

it('ends itself when idle, and is there again for the next request', async () => {
  const client = start({ idleSeconds: 1 });
  await explainSmall(client);
  const processId = client.processId ?? 0;
  expect(isAlive(processId)).toBe(true);
  await expect.poll(() => isAlive(processId), { timeout: 5000 }).toBe(false);
  expect((await explainSmall(client)).heatmaps).toHaveLength(2);
});

it('is gone after dispose, and cancels what was pending', async () => {
  const client = start();
  const { outcome } = await startSlowCall(client);
  const processId = client.processId ?? 0;
  client.dispose();
  expect(await outcome).toMatchObject({ code: 'cancelled' });
  await expect.poll(() => isAlive(processId), { timeout: 2000 }).toBe(false);
  await expect(explainSmall(client)).rejects.toMatchObject({ code: 'cancelled' });
});

it('keeps models open within the memory it may use, and drops the least recently used', async () => {
  const other = await writeModel(`${scene.folder}/other.onnx`, { seed: 2 });
  const loads = async (client: WorkerClient, model = scene.small) => {
    let loaded = false;
    await client.call('explain', explainParams(model, scene.png, { targets: { classes: [1] } }), {
      onEvent: (event) => {
        loaded ||= event.kind === 'stage' && event.phrase === 'Loading the model';
      },
    });
    return loaded;
  };
  const roomy = start();
  expect([await loads(roomy), await loads(roomy, other), await loads(roomy)]).toEqual([
    true,
    true,
    false,
  ]);
  const tight = start({ sessionBytes: 1 });
  expect([await loads(tight), await loads(tight, other), await loads(tight)]).toEqual([
    true,
    true,
    true,
  ]);
});

it('leaves nothing of ONNX Runtime’s telemetry behind', async () => {
  const home = path.join(scene.folder, 'untouched');
  vi.stubEnv('XDG_CACHE_HOME', home);
  await explainSmall(start());
  vi.unstubAllEnvs();
  expect(existsSync(home)).toBe(false);
});

it('answers a repeated request from memory in under 50 ms', async () => {
  const client = start();
  const ask = async (method: string) => {
    const before = performance.now();
    const result = await client.call('explain', explainParams(scene.slow, scene.png, { method }));
    return { result, took: performance.now() - before };
  };
  const first = await ask('transformer_attribution');
  await ask('attention_rollout');
  const again = await ask('transformer_attribution');
  expect(again.result.heatmaps).toEqual(first.result.heatmaps);
  expect(again.took).toBeLessThan(50);
});

function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
}

it('ends a batch in a sentence where no small picture can be kept, and blames no picture', async () => {
  const told: CallEvent<'batch'>[] = [];
  const picture = path.join(scene.folder, 'kept-nowhere.png');
  await writeFile(picture, scene.png);
  const { model } = explainParams(scene.small, scene.png);
  const opening = { model, method: 'attention', options: {} };
  const client = start();
  const { modelSha256 } = await client.call('open', opening);
  const batch = client.call(
    'batch',
    {
      ...opening,
      modelSha256,
      samples: [{ path: picture, name: 'kept-nowhere.png' }],
      // A file stands where the folder would have to be.
      thumbnails: { folder: path.join(picture, 'thumbnails'), side: 64 },
    },
    { onEvent: (event) => told.push(event) },
  );
  await expect(batch).rejects.toMatchObject({
    code: 'cache-unwritable',
    message: expect.stringMatching(/small pictures could not be kept in .*thumbnails/) as string,
  });
  expect(told.filter(({ kind }) => kind === 'sample')).toEqual([]);
});
