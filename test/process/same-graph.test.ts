/**
 * Two fine-tunes whose graphs are the same, byte for byte: their weights lie in second files. Whatever
 * is asked of one is answered by that one, also where it was put in place of the other a moment ago.
 */
import { spawn } from 'node:child_process';
import {
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readJsonlReport } from '../read-report';
import type { ModelDescription } from '../../src/shared/model';
import type { ProbeManifest } from '../../src/shared/probe';
import type { ExplainResult } from '../../src/shared/protocol/explain';
import { WorkerClient } from '../../src/worker/client';
import { buildVit, picture } from '../fixtures/build-vit';
import { editModel, matrices } from '../fixtures/edit-model';
import { withWeightsBeside } from '../fixtures/external-weights';
import { runModel } from '../fixtures/run-model';
import { bundle } from './bundle';
import { explainParams, gradientPicture, writeModel } from './scene';

const options = { heads: 4, headDim: 32 };
let folder = '';
let cli: Awaited<ReturnType<typeof bundle>>;
let worker: Awaited<ReturnType<typeof bundle>>;
let described: ModelDescription;
let png: Uint8Array;
const at = (...names: string[]) => path.join(folder, ...names);
const weightsOf: Record<string, Uint8Array> = {};
const names = ['A', 'B'] as const;

beforeAll(async () => {
  [cli, worker] = [await bundle('cli'), await bundle('worker')];
  png = await gradientPicture(40, 30).png().toBuffer();
});
afterAll(async () => {
  await Promise.all([cli.remove(), worker.remove()]);
});
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-same-graph-'));
  const first = withWeightsBeside(buildVit(options).bytes, 'w.bin');
  weightsOf.A = first.weights;
  weightsOf.B = withWeightsBeside(buildVit({ ...options, seed: 2 }).bytes, 'w.bin').weights;
  described = await writeModel(at('whole.onnx'), options);
  const { preprocessing, labels } = described;
  for (const name of names) {
    await mkdir(at(name));
    await writeFile(at(name, 'model.onnx'), first.model);
    await writeFile(at(name, 'w.bin'), weightsOf[name] ?? '');
    const manifest = { format: 1, preprocessing, labels };
    await writeFile(at(name, 'model.vit.json'), JSON.stringify(manifest));
  }
  for (const label of ['narrow', 'wide']) {
    await mkdir(at('pictures', label), { recursive: true });
    for (let number = 0; number < 4; number++) {
      const side = (label === 'wide' ? 60 : 20) + 3 * number;
      await gradientPicture(side, 40)
        .png()
        .toFile(at('pictures', label, `${number}.png`));
    }
  }
});
const clients: WorkerClient[] = [];
afterEach(async () => {
  clients.splice(0).forEach((client) => {
    client.dispose();
  });
  await rm(folder, { recursive: true });
});

function run(...args: string[]) {
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    const child = spawn(process.execPath, [cli.file, ...args], {
      cwd: folder,
      env: { ...process.env, XDG_CACHE_HOME: at('cache') },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    child.on('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}

async function works(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(...args, '--threads', '1');
  expect(code, stderr).toBe(0);
  return stdout;
}

/** Puts other weights in place of a model's, of the same size and with its time of modification. */
async function replaceWeights(name: string, by: string): Promise<void> {
  const { atime, mtime } = await stat(at(name, 'w.bin'));
  await writeFile(at(name, 'w.bin'), weightsOf[by] ?? '');
  await utimes(at(name, 'w.bin'), atime, mtime);
}

const batch = (model: string, jsonl: string, ...more: string[]) => [
  ...['batch', 'pictures', '--model', `${model}/model.onnx`, '--jsonl', jsonl],
  ...more,
];

describe('on the command line', { timeout: 120_000 }, () => {
  it('a dataset is answered by the model that was named, and reports tell them apart', async () => {
    const reports: Record<string, Awaited<ReturnType<typeof readJsonlReport>>> = {};
    for (const name of names) {
      await works(...batch(name, `${name}.jsonl`));
      reports[name] = await readJsonlReport(at(`${name}.jsonl`));
      await works(...batch(name, `${name}-alone.jsonl`));
    }
    const { A, B } = reports;
    expect(A?.header.model.sha256).not.toBe(B?.header.model.sha256);
    expect(A?.results).not.toEqual(B?.results);
    for (const name of names) {
      // The same from the cache, and with a cache of its own.
      expect(await readFile(at(`${name}-alone.jsonl`))).toEqual(
        await readFile(at(`${name}.jsonl`)),
      );
      await rm(at('cache'), { recursive: true });
      await works(...batch(name, `${name}-anew.jsonl`));
      expect(await readFile(at(`${name}-anew.jsonl`))).toEqual(await readFile(at(`${name}.jsonl`)));
    }
    // What inspect says is what reports say.
    const { model } = JSON.parse(await works('inspect', 'A/model.onnx', '--json')) as {
      model: { sha256: string };
    };
    expect(model.sha256).toBe(A?.header.model.sha256);
  });

  it('shards and resumed runs of two models are not joined', async () => {
    await works(...batch('A', 'one.jsonl', '--shard', '1/2'));
    await works(...batch('B', 'two.jsonl', '--shard', '2/2'));
    const joined = await run('merge', 'one.jsonl', 'two.jsonl', '--jsonl', 'joined.jsonl');
    expect(joined.code).not.toBe(0);
    expect(joined.stderr).toContain('the model differs');
    await replaceWeights('A', 'B');
    const resumed = await run(...batch('A', 'one.jsonl', '--shard', '1/2', '--resume'));
    expect(resumed.code).not.toBe(0);
    expect(resumed.stderr).toContain('the model differs');
  });

  it('a probe is of its own backbone, and knows when that was replaced', async () => {
    const probes: ProbeManifest[] = [];
    for (const name of names) {
      const model = `${name}/model.onnx`;
      await works('probe', 'train', 'pictures', '--model', model, '--name', name);
      probes.push(JSON.parse(await readFile(at(`${name}.probe.json`), 'utf8')) as ProbeManifest);
    }
    expect(probes[0]?.backbone.sha256).not.toBe(probes[1]?.backbone.sha256);
    const explain = ['explain', 'pictures/wide/0.png', '--model', 'A.probe.safetensors'];
    await works(...explain);
    await replaceWeights('A', 'B');
    const changed = await run(...explain);
    expect(changed.code).not.toBe(0);
    expect(changed.stderr).toContain('has changed since the probe was trained');
    await replaceWeights('A', 'A');
    await works(...explain);
  });
});

describe('in an open worker', { timeout: 60_000 }, () => {
  function start(log: string[] = []): WorkerClient {
    const client = new WorkerClient(
      worker.file,
      {
        threads: 1,
        provider: 'cpu',
        cacheFolder: at('cache'),
        idleSeconds: 0,
        sessionBytes: 2 ** 30,
      },
      (line) => log.push(line),
    );
    clients.push(client);
    return client;
  }

  const model = (name: string): ModelDescription => ({
    ...described,
    id: `file:${at(name, 'model.onnx')}`,
    path: at(name, 'model.onnx'),
  });

  const ask = (client: WorkerClient, name: string): Promise<ExplainResult> =>
    client.call('explain', explainParams(model(name), png));

  const answer = ({ modelSha256, topK, heatmaps }: ExplainResult) => ({
    modelSha256,
    topK,
    maps: heatmaps.map(({ values }) => [...values]),
  });

  it('each answers for itself, and a replaced one is noticed at the next request', async () => {
    const client = start();
    const a = answer(await ask(client, 'A'));
    const b = answer(await ask(client, 'B'));
    expect(b).not.toEqual(a);
    await replaceWeights('A', 'B');
    expect(answer(await ask(client, 'A'))).toEqual(b);
    await replaceWeights('A', 'A');
    expect(answer(await ask(client, 'A'))).toEqual(a);
    // Another file in its place, older than the one before.
    await copyFile(at('B', 'w.bin'), at('old.bin'));
    await rm(at('A', 'w.bin'));
    await copyFile(at('old.bin'), at('A', 'w.bin'));
    await utimes(at('A', 'w.bin'), new Date(0), new Date(0));
    expect(answer(await ask(client, 'A'))).toEqual(b);
    await rm(at('A', 'w.bin'));
    await expect(ask(client, 'A')).rejects.toThrow(/A part of the model is missing.*w\.bin/);
  });

  it('the logits are those of ONNX Runtime for the same file', async () => {
    const client = start();
    const first = buildVit(options).bytes;
    // B's matrices with the small weights that A's file holds itself.
    const mixed = editModel(first, (graph) => {
      editModel(buildVit({ ...options, seed: 2 }).bytes, (other) => {
        const others = matrices(other);
        for (const [i, tensor] of matrices(graph).entries())
          tensor.rawData = others[i]?.rawData ?? tensor.rawData;
      });
    });
    const input = picture([1, 3, described.preprocessing.crop[0], described.preprocessing.crop[1]]);
    for (const name of names) {
      const shape = [1, 3, ...described.preprocessing.crop] as const;
      const { scores } = await client.call(
        'explain',
        explainParams(model(name), png, {
          image: { kind: 'tensor', values: input, shape, name: 'x' },
          targets: { classes: [0, 1, 2, 3, 4] },
        }),
      );
      const expected = await runModel(name === 'A' ? first : mixed, input, shape);
      scores.forEach(({ index, logit }) => expect(logit).toBeCloseTo(expected[index] ?? NaN, 4));
    }
  });

  it('a run over a dataset stops where the model is replaced between two portions', async () => {
    const client = start();
    const sample = { path: at('pictures', 'wide', '0.png'), name: '0.png' };
    const opening = { model: model('A'), method: 'attention_rollout', options: {} };
    const { modelSha256 } = await client.call('open', opening);
    const params = { ...opening, samples: [sample], modelSha256 };
    await client.call('batch', params);
    await replaceWeights('A', 'B');
    await expect(client.call('batch', params)).rejects.toThrow(/was replaced/);
  });

  it('what damage the cache had is said in the log, and the answer is right', async () => {
    const first = start();
    const right = answer(await ask(first, 'A'));
    first.dispose();
    for (const name of (await readdir(at('cache'))).filter((one) => /^[0-9a-f]{64}/.test(one))) {
      const bytes = await readFile(at('cache', name));
      const middle = Math.floor(bytes.length / 2);
      bytes[middle] = (bytes[middle] ?? 0) ^ 4;
      await writeFile(at('cache', name), bytes);
      const log: string[] = [];
      const client = start(log);
      expect(answer(await ask(client, 'A'))).toEqual(right);
      await client.rest();
      expect(log.join('\n')).toMatch(/is damaged .* made anew/);
    }
  });

  it('small pictures are made anew where they are damaged', async () => {
    const log: string[] = [];
    const client = start(log);
    const opening = { model: model('A'), method: 'attention_rollout', options: {} };
    const { modelSha256 } = await client.call('open', opening);
    const params = {
      ...opening,
      modelSha256,
      samples: [{ path: at('pictures', 'wide', '0.png'), name: '0.png' }],
      thumbnails: { folder: at('small'), side: 16 },
    };
    await client.call('batch', params);
    const [file = ''] = (await readdir(at('small'), { recursive: true })).filter((name) =>
      name.endsWith('.jpg'),
    );
    const whole = await readFile(at('small', file));
    const middle = Math.floor(whole.length / 2);
    for (const harm of [
      (bytes: Buffer) => bytes.fill(0, middle, middle + 1),
      (bytes: Buffer) => bytes.fill(0),
      (bytes: Buffer) => bytes.subarray(0, middle),
    ]) {
      await writeFile(at('small', file), harm(Buffer.from(whole)));
      await client.call('batch', params);
      expect((await readFile(at('small', file))).equals(whole)).toBe(true);
    }
    await client.rest();
    expect(log.filter((line) => line.includes('is damaged'))).toHaveLength(3);
  });
});
