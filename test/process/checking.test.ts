/** The process that checks prepared models never outlives whoever started it. */
import { spawn } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundle } from './bundle';
import { makeScene, type Scene } from './scene';

let scene: Scene;
let cli: Awaited<ReturnType<typeof bundle>>;

beforeAll(async () => {
  [scene, cli] = await Promise.all([makeScene(), bundle('cli')]);
  await writeFile(path.join(scene.folder, 'picture.png'), scene.png);
});
afterAll(async () => {
  await Promise.all([scene.remove(), cli.remove()]);
});

it.runIf(process.platform === 'linux')('is gone soon after its parent was killed', async () => {
  const args = ['explain', 'picture.png', '--model', 'slow.onnx', '--method', 'attention'];
  const parent = spawn(process.execPath, [cli.file, ...args], {
    cwd: scene.folder,
    env: { ...process.env, XDG_CACHE_HOME: path.join(scene.folder, 'cache') },
    stdio: 'ignore',
  });
  const checking = () => childrenOf(parent.pid ?? 0);
  await expect.poll(checking, { timeout: 30_000, interval: 20 }).not.toEqual([]);
  const [child = ''] = await checking();
  parent.kill('SIGKILL');
  await expect.poll(() => isRunner(child), { timeout: 10_000 }).toBe(false);
});

/** Process ids of the runners that a process has started. */
async function childrenOf(processId: number): Promise<string[]> {
  const found: string[] = [];
  for (const id of await readdir('/proc')) {
    if (!/^\d+$/.test(id) || !(await isRunner(id))) continue;
    const stat = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => '');
    if (Number(stat.split(') ')[1]?.split(' ')[1]) === processId) found.push(id);
  }
  return found;
}

async function isRunner(id: string): Promise<boolean> {
  const line = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '');
  return line.includes('model-runner.mjs');
}
