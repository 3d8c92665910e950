/** The cache of the command line: everything in it is accounted for, bounded, and can be cleared. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from './bundle';
import { gradientPicture, makeScene, type Scene } from './scene';

interface Listing {
  readonly folder: string;
  readonly bytes: number;
  readonly limitBytes: number | null;
  readonly kinds: readonly { readonly kind: string; readonly bytes: number }[];
}

const repository = path.resolve(import.meta.dirname, '../..');
let scene: Scene;
let cli: Awaited<ReturnType<typeof bundle>>;
const at = (...names: string[]) => path.join(scene.folder, ...names);
const cache = (...names: string[]) => at('caches', 'vit-explainer', ...names);

beforeAll(async () => {
  [scene, cli] = await Promise.all([makeScene(), bundle('cli')]);
  const { preprocessing } = scene.small;
  await writeFile(at('small.vit.json'), JSON.stringify({ format: 1, preprocessing }));
  await mkdir(at('checkpoint'));
  await copyFile(
    path.join(repository, 'test/fixtures/intake/hf_vit.safetensors'),
    at('checkpoint', 'model.safetensors'),
  );
  await writeFile(
    at('checkpoint', 'config.json'),
    '{"num_attention_heads": 2, "model_type": "vit"}',
  );
  const crop = [16, 16];
  const manifest = { format: 1, preprocessing: { ...preprocessing, crop } };
  await writeFile(at('checkpoint', 'model.vit.json'), JSON.stringify(manifest));
  for (const [label, width] of [
    ['narrow', 20],
    ['wide', 60],
  ] as const) {
    await mkdir(at('pictures', label), { recursive: true });
    for (let number = 0; number < 4; number++) {
      await gradientPicture(width + number, 40)
        .png()
        .toFile(at('pictures', label, `${number}.png`));
    }
  }
});
afterAll(async () => {
  await Promise.all([scene.remove(), cli.remove()]);
});

function run(args: readonly string[], environment: Record<string, string> = {}) {
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    const child = spawn(process.execPath, [cli.file, ...args], {
      cwd: scene.folder,
      env: { ...process.env, XDG_CACHE_HOME: at('caches'), ...environment },
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

async function works(...args: string[]) {
  const { code, stdout, stderr } = await run(args);
  expect(stderr).not.toContain('vit-explain:');
  expect(code).toBe(0);
  return stdout;
}

async function listing(): Promise<Listing> {
  return JSON.parse(await works('cache', '--json')) as Listing;
}

async function filesOnDisk(): Promise<readonly string[]> {
  const found = await readdir(cache(), { recursive: true, withFileTypes: true });
  return found
    .filter((child) => child.isFile())
    .map((child) => path.join(child.parentPath, child.name));
}

async function bytesOnDisk(): Promise<number> {
  const sizes = await Promise.all((await filesOnDisk()).map((file) => stat(file)));
  return sizes.reduce((sum, { size }) => sum + size, 0);
}

const photo = path.join('pictures', 'wide', '0.png');
const explain = (model: string) => ['explain', photo, '--model', model, '--threads', '1'];

describe('the cache', { timeout: 120_000 }, () => {
  it('is listed to the last byte, whatever command filled it', async () => {
    expect(await works('cache')).toMatch(/^together +0 bytes {2}of at most 5 GB\n/);
    await works(...explain('small.onnx'));
    await works(...explain('checkpoint/model.safetensors'));
    await works('batch', 'pictures', '--model', 'small.onnx', '--threads', '1');
    await works('probe', 'train', 'pictures', '--model', 'checkpoint/model.safetensors');
    await works(...explain('pictures.probe.safetensors'));
    const { folder, bytes, limitBytes, kinds } = await listing();
    expect(folder).toBe(cache());
    expect(limitBytes).toBe(5e9);
    expect(kinds.map(({ kind }) => kind)).toEqual(['prepared', 'converted', 'features', 'results']);
    expect(bytes).toBe(await bytesOnDisk());
    expect(await works('cache')).toMatch(/^prepared models +[\d.]+ [kM]B +\d\n(.*\n){3}together/);
  });

  it('loses what was not used for longest after a run, and works on', async () => {
    const before = await listing();
    for (const file of await filesOnDisk()) {
      const old = new Date(Date.now() - 3600_000);
      await utimes(file, old, old);
    }
    // What this run uses stays, although that alone is more than the limit.
    const gigabytes = { VIT_EXPLAINER_CACHE_GIGABYTES: '0.0000001' };
    const { code, stderr } = await run(explain('small.onnx'), gigabytes);
    expect(code).toBe(0);
    expect(stderr).toMatch(/larger than 100 bytes: [\d.]+ [kM]B .* are free again\.\n$/);
    const after = await listing();
    expect(after.kinds.map(({ kind }) => kind)).toEqual(['prepared']);
    expect(after.bytes).toBeLessThan(before.bytes);
    expect(after.bytes).toBeGreaterThan(0);
    const again = await run(explain('small.onnx'), gigabytes);
    expect(again.stderr).not.toContain('free again');
    await works(...explain('pictures.probe.safetensors'));
    expect((await listing()).bytes).toBe(await bytesOnDisk());
  });

  it('has no limit where that is asked for', async () => {
    const old = new Date(0);
    for (const file of await filesOnDisk()) await utimes(file, old, old);
    const count = (await filesOnDisk()).length;
    const environment = { VIT_EXPLAINER_CACHE_GIGABYTES: '0' };
    expect((await run(explain('small.onnx'), environment)).code).toBe(0);
    expect(await filesOnDisk()).toHaveLength(count);
    expect((await run(['cache'], environment)).stdout).toMatch(
      /together +[\d.]+ [kM]B {2}no limit/,
    );
    const wrong = await run(explain('small.onnx'), { VIT_EXPLAINER_CACHE_GIGABYTES: 'much' });
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(/takes a number of gigabytes \(0: no limit\), not “much”/);
  });

  it('is cleared on demand, of its own files only', async () => {
    await writeFile(cache('notes.txt'), 'mine');
    await writeFile(cache('results', 'mine.jsonl'), 'mine');
    expect(await works('cache', '--clear')).toMatch(/^[\d.]+ [kM]B are free again\.\n$/);
    expect((await filesOnDisk()).toSorted()).toEqual([
      cache('notes.txt'),
      cache('results', 'mine.jsonl'),
    ]);
    expect(existsSync(at('small.onnx'))).toBe(true);
    expect((await run(['cache', 'clear'])).code).toBe(2);
  });

  it('is not emptied below a process that works with it', async () => {
    await mkdir(at('many'));
    const picture = await gradientPicture(300, 300).png().toBuffer();
    for (let number = 0; number < 400; number++)
      await writeFile(at('many', `${number}.png`), Buffer.concat([picture, Buffer.of(number, 1)]));
    const batch = run([
      ...['batch', 'many', '--model', 'small.onnx', '--threads', '1', '--jsonl', 'many.jsonl'],
      ...['--method', 'transformer_attribution'],
    ]);
    while (!existsSync(at('many.jsonl'))) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await works('cache', '--clear')).toMatch(/in use by running processes and stay\.\n$/);
    const { code, stdout } = await batch;
    expect(code).toBe(0);
    expect(stdout).toMatch(/samples +400\n/);
    expect(await works('cache', '--clear')).not.toContain('in use');
    expect((await listing()).bytes).toBe(0);
  });
});
