/**
 * The packages that can run here do: unpacked as an editor does, each explains one of its own
 * photographs with the Node of its platform, and the one for ARM says what the one for x64 says.
 */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ownTarget, packageFile, targets } from '../../scripts/package/targets.mjs';
import { WorkerClient } from '../../src/worker/client';
import { explainParams, makeScene } from '../process/scene';
import { arm64Node, thisNode, type NodeCommand } from './node-of';
import { unpack } from './vsix';

const repository = path.resolve(import.meta.dirname, '../..');
const photo = 'media/samples/dog-and-cat.jpg';
const minutes = 60_000;

interface Told {
  readonly topK: readonly { index: number; label: string; probability: number; logit: number }[];
  readonly explanations: readonly { index: number; shape: number[]; heatmap: number[] }[];
}

let folder: string;
/** What the package for this machine says. */
let told: Told;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'vit-packages-'));
  told = explained(ownTarget, thisNode);
}, 5 * minutes);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it(`the package for ${ownTarget} explains a photograph`, () => {
  expect(told.topK[0]?.label).toBe('dog');
  expect(told.explanations.map(({ shape }) => shape)).toEqual([
    [12, 12],
    [12, 12],
    [12, 12],
  ]);
});

it(`the worker of the package for ${ownTarget} answers`, async () => {
  const { outcome, log } = await askWorker(path.join(folder, ownTarget));
  expect(outcome).toBe(2);
  expect(log).toEqual([]);
});

it.each(['onnxruntime-node/bin', '@img'])(
  'a package without node_modules/%s is told from a crash, in a sentence',
  async (part) => {
    const extension = path.join(folder, ownTarget);
    const native = path.join(extension, 'node_modules', part);
    renameSync(native, `${native}-away`);
    try {
      const { outcome } = await askWorker(extension);
      expect(outcome).toMatchObject({
        code: 'platform-unsupported',
        message: `ViT Explainer cannot run here: the native libraries of ONNX Runtime or sharp for ${ownTarget} are missing, or cannot be loaded.`,
      });
    } finally {
      renameSync(`${native}-away`, native);
    }
  },
);

it('so is the package of another platform', async () => {
  const extension = path.join(folder, 'of-another');
  const other = Object.keys(targets).find((target) => target !== ownTarget) ?? '';
  unpack(packageFile(repository, other), extension);
  const { outcome } = await askWorker(extension);
  expect(outcome).toMatchObject({ code: 'platform-unsupported' });
});

it(
  'the package for linux-arm64 says the same of it',
  (context) => {
    const node = arm64Node();
    if (typeof node === 'string') {
      context.skip(node);
      return;
    }
    const onArm = explained('linux-arm64', node);
    expect(onArm.topK.map(({ index }) => index)).toEqual(told.topK.map(({ index }) => index));
    onArm.topK.forEach(({ probability, logit }, place) => {
      expect(probability).toBeCloseTo(told.topK[place]?.probability ?? NaN, 4);
      expect(logit).toBeCloseTo(told.topK[place]?.logit ?? NaN, 3);
    });
    onArm.explanations.forEach(({ heatmap }, place) => {
      const expected = told.explanations[place]?.heatmap ?? [];
      const largest = Math.max(...expected.map(Math.abs));
      const apart = Math.max(
        ...heatmap.map((value, at) => Math.abs(value - (expected[at] ?? NaN))),
      );
      expect(apart / largest).toBeLessThan(1e-3);
    });
  },
  10 * minutes,
);

/** Asks the worker of an unpacked package for two maps: how many came, or the failure; and its log. */
async function askWorker(extension: string): Promise<{ outcome: unknown; log: string[] }> {
  const scene = await makeScene();
  const log: string[] = [];
  const worker = path.join(extension, 'dist', 'worker.js');
  const client = new WorkerClient(worker, scene.settings, (line) => log.push(line));
  try {
    const outcome = await client.call('explain', explainParams(scene.small, scene.png)).then(
      ({ heatmaps }) => heatmaps.length,
      (failure: unknown) => failure,
    );
    return { outcome, log };
  } finally {
    client.dispose();
    await scene.remove();
  }
}

/** Unpacks a package and explains the photograph by the command line of the same build. */
function explained(target: string, { program, before }: NodeCommand): Told {
  const packaged = packageFile(repository, target);
  if (!existsSync(packaged))
    throw new Error(`There is no ${path.basename(packaged)}: npm run package -- --all`);
  const extension = path.join(folder, target);
  unpack(packaged, extension);
  // The command line is no part of the extension; all that it loads comes from the package.
  const cli = path.join(extension, 'dist', 'cli.js');
  copyFileSync(path.join(repository, '.cache', 'package', 'dist', 'cli.js'), cli);
  const cache = path.join(folder, `cache-${target}`);
  mkdirSync(cache);
  // One thread: those of an emulated process wait for each other by spinning.
  const options = ['--json', '--top-k', '3', '--threads', '1', '--out', cache];
  execFileSync(program, [...before, cli, 'explain', path.join(extension, photo), ...options], {
    env: { ...process.env, XDG_CACHE_HOME: cache },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return JSON.parse(readFileSync(path.join(cache, 'dog-and-cat.json'), 'utf8')) as Told;
}
