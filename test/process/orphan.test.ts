/** The worker never outlives whoever started it, not even when it is busy and nobody says goodbye. */
import { fork } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundle } from './bundle';
import { makeScene, slowExplain, type Scene } from './scene';

/**
 * Stands for the editor: starts the worker, gives it the call that it was sent, and passes its
 * process id and its events on.
 */
const parentProgram = `
const { fork } = require('node:child_process');
process.once('message', ({ workerFile, messages }) => {
  const worker = fork(workerFile, [], { serialization: 'advanced', execArgv: [] });
  worker.on('message', (message) => process.send({ processId: worker.pid, message }));
  messages.forEach((message) => worker.send(message));
});
`;

let scene: Scene;
let worker: Awaited<ReturnType<typeof bundle>>;

beforeAll(async () => {
  [scene, worker] = await Promise.all([makeScene(), bundle('worker')]);
});
afterAll(async () => {
  await Promise.all([scene.remove(), worker.remove()]);
});

it('ends within seconds when its parent is killed in mid-run', async () => {
  const { parent, processId } = await startBusyWorker();
  parent.kill('SIGKILL');
  const before = performance.now();
  await expect.poll(() => isAlive(processId), { timeout: 5000 }).toBe(false);
  expect(performance.now() - before).toBeLessThan(5000);
});

async function startBusyWorker() {
  const file = `${scene.folder}/parent.cjs`;
  await writeFile(file, parentProgram);
  const parent = fork(file, [], { serialization: 'advanced', execArgv: [] });
  // Every class in every block: far longer than the test waits for the end.
  const params = { ...slowExplain(scene), targets: { topK: 20 }, stability: true };
  parent.send({
    workerFile: worker.file,
    messages: [
      { kind: 'settings', settings: scene.settings },
      { kind: 'call', id: 1, name: 'explain', params },
    ],
  });
  const processId = await new Promise<number>((resolve) => {
    parent.on('message', ({ processId: id, message }: ParentMessage) => {
      if (message.event?.phrase?.startsWith('Tracing') === true) resolve(id);
    });
  });
  return { parent, processId };
}

interface ParentMessage {
  readonly processId: number;
  readonly message: { readonly event?: { readonly phrase?: string } };
}

function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
}
