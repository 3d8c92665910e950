/** Many tasks begin at once with one cache that none has filled: all prepare the model, and none spoils it. */
import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundle } from './bundle';
import { gradientPicture, makeScene, type Scene } from './scene';

const tasks = 6;

let scene: Scene;
let cli: Awaited<ReturnType<typeof bundle>>;

const at = (name: string) => path.join(scene.folder, name);

function run(cache: string, ...args: string[]) {
  const child = spawn(process.execPath, [cli.file, ...args], {
    cwd: scene.folder,
    env: { ...process.env, XDG_CACHE_HOME: at(cache) },
  });
  let stderr = '';
  child.stderr.on('data', (bytes: Buffer) => (stderr += bytes.toString()));
  child.stdout.resume();
  return new Promise<{ code: number | null; stderr: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, stderr }));
  });
}

beforeAll(async () => {
  [scene, cli] = await Promise.all([makeScene(), bundle('cli')]);
  const { preprocessing, labels } = scene.slow;
  await writeFile(at('slow.vit.json'), JSON.stringify({ format: 1, preprocessing, labels }));
  await mkdir(at('photos'));
  for (let number = 0; number < 12; number++) {
    await gradientPicture(30 + number, 30)
      .png()
      .toFile(at(`photos/${number}.png`));
  }
});
afterAll(async () => {
  await Promise.all([scene.remove(), cli.remove()]);
});

it('leaves one prepared model, and shards that join to the bytes of a single run', async () => {
  const batch = ['batch', 'photos', '-m', 'slow.onnx', '--method', 'attention_rollout'];
  const all = await Promise.all(
    Array.from({ length: tasks }, (_, place) =>
      run('shared', ...batch, '--shard', `${place + 1}/${tasks}`, '--jsonl', 'shards/'),
    ),
  );
  for (const { code, stderr } of all) {
    expect(stderr).not.toMatch(/damaged|cannot be/);
    expect(code, stderr).toBe(0);
  }
  const kept = await readdir(at('shared/vit-explainer'), { recursive: true });
  expect(kept.filter((name) => name.endsWith('.tmp'))).toEqual([]);
  expect(kept.filter((name) => name.endsWith('.onnx'))).toHaveLength(1);
  expect(kept.filter((name) => name.endsWith('.weights'))).toHaveLength(1);

  // Whoever comes later prepares nothing.
  const later = await run('shared', ...batch, '--jsonl', 'later.jsonl');
  expect(later.stderr).not.toContain('Checking the prepared model');
  const alone = await run('cache of its own', ...batch, '--jsonl', 'alone.jsonl');
  expect(alone.stderr).toContain('Checking the prepared model');
  const shards = (await readdir(at('shards'))).map((name) => `shards/${name}`);
  expect(await run('shared', 'merge', ...shards, '--jsonl', 'joined.jsonl')).toMatchObject({
    code: 0,
  });
  const [joined, single, after] = await Promise.all(
    ['joined', 'alone', 'later'].map((name) => readFile(at(`${name}.jsonl`), 'utf8')),
  );
  expect(joined).toBe(single);
  expect(after).toBe(single);
});
