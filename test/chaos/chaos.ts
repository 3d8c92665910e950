/**
 * Interruptions through the real client, from a seed: cancelled and replaced requests, processes killed
 * at work and at rest. What is answered must be the right map, what was not
 * interrupted must be answered, and nothing may stay behind.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { seededRandom } from '../../src/shared/random';
import type { ModelDescription } from '../../src/shared/model';
import { WorkerClient } from '../../src/worker/client';
import { explainParams, gradientPicture, makeScene, writeModel } from '../process/scene';
import { ask, namesOf, type Asked } from './asked';
import { rightMaps } from './right-maps';

export const interruptions = ['cancel', 'replace', 'kill', 'idle kill'] as const;
type Interruption = (typeof interruptions)[number];
/** A request that is interrupted so may fail with this code, and with no other. */
const ownCodes: Partial<Record<Interruption, string>> = {
  cancel: 'cancelled',
  replace: 'cancelled',
  kill: 'worker-died',
};

export interface Outcome {
  /** How often each was done; of cancels, replacements and kills those that met a request at work. */
  readonly done: Readonly<Record<Interruption, number>>;
  readonly answers: number;
  /** Requests that failed although nobody interrupted them, or with a code that is not theirs. */
  readonly failures: readonly string[];
  readonly wrongMaps: readonly string[];
  readonly orphans: readonly number[];
  /** Of this process, after a tenth of the way and at its end; without what can be collected. */
  readonly bytes: readonly [before: number, after: number];
  readonly seconds: number;
}

/** How often each is drawn: mostly what meets a request at work. */
const drawn = interruptions.flatMap((how) => {
  return Array.from({ length: how in ownCodes ? 4 : 1 }, () => how);
}) as [Interruption, ...Interruption[]];

const longestAnswerMs = 60_000;
/** For a process that was told to end, on a busy machine. */
const longestEndMs = 5_000;

/**
 * @param workerFile the bundled worker
 * @param count interruptions of requests at work; the other kinds come on top
 */
export async function chaos(workerFile: string, seed: number, count: number): Promise<Outcome> {
  const begun = performance.now();
  const random = seededRandom(seed);
  const upTo = (most: number) => Math.floor(random() * (most + 1));
  const oneOf = <T>(choices: readonly [T, ...T[]]): T =>
    choices[upTo(choices.length - 1)] ?? choices[0];
  const scene = await makeScene();
  const models: [ModelDescription, ModelDescription] = [
    scene.small,
    await writeModel(`${scene.folder}/other.onnx`, { seed: 2, grid: [3, 3] }),
  ];
  const pictures: [Uint8Array, Uint8Array] = [
    scene.png,
    await gradientPicture(64, 64).rotate(180).png().toBuffer(),
  ];
  const anything = () =>
    explainParams(oneOf(models), oneOf(pictures), {
      method: oneOf(['attention', 'attention_rollout', 'transformer_attribution']),
      targets: { topK: 1 + upTo(2) },
    });

  const client = new WorkerClient(workerFile, scene.settings, () => undefined);
  const done: Record<Interruption, number> = {
    cancel: 0,
    replace: 0,
    kill: 0,
    'idle kill': 0,
  };
  const processes = new Set<number>();
  const failures: string[] = [];
  const wrongMaps: string[] = [];
  let answers = 0;
  let bytes: [number, number] = [0, 0];
  const right = rightMaps(workerFile, scene.settings);

  /** What became of a request; `code` is what it may fail with. */
  const judge = async (turn: string, { params, outcome }: Asked, code?: string) => {
    const result = await Promise.race([outcome, sleep(longestAnswerMs, undefined, { ref: false })]);
    if (result === undefined) {
      failures.push(`${turn}: no answer to ${namesOf(params)}`);
    } else if ('failure' in result) {
      if (result.failure.code !== code) failures.push(`${turn}: ${result.failure.message}`);
    } else {
      answers += 1;
      const fault = await right.faultOf(params, result);
      if (fault !== undefined) wrongMaps.push(`${turn}: ${fault}`);
    }
  };
  const kill = () => {
    if (client.processId !== undefined) process.kill(client.processId, 'SIGKILL');
  };
  const inFlight = () => done.cancel + done.replace + done.kill;

  const turnOf = async (turn: number) => {
    const how = oneOf(drawn);
    const name = `turn ${turn} (${how})`;
    if (how === 'idle kill') {
      kill();
      await sleep(upTo(5));
      done[how] += 1;
    }
    const abort = new AbortController();
    const owner = how === 'replace' ? 'the same panel' : undefined;
    const asked = ask(client, anything(), { owner, signal: abort.signal });
    const others = Array.from({ length: upTo(1) }, () => ask(client, anything(), {}));
    const moment = { events: 1 + upTo(2), milliseconds: upTo(3) };
    await Promise.race([asked.sawEvents(moment.events), asked.outcome]);
    await sleep(moment.milliseconds);
    if (client.processId !== undefined) processes.add(client.processId);
    const isAtWork = asked.isAtWork();
    if (how === 'cancel') abort.abort();
    else if (how === 'replace') others.push(ask(client, anything(), { owner }));
    else if (how === 'kill' && isAtWork) kill();
    if (isAtWork && how !== 'idle kill') done[how] += 1;
    await judge(name, asked, isAtWork ? ownCodes[how] : undefined);
    for (const other of others) await judge(`${name}, beside it`, other);
    if (client.processId !== undefined) processes.add(client.processId);
  };

  const stillThere = () => [...processes].filter((id) => isAlive(id, workerFile));
  try {
    for (let turn = 1; inFlight() < count && failures.length < 10; turn++) {
      await turnOf(turn);
      if (bytes[0] === 0 && inFlight() >= count / 10) bytes = [bytesHeld(), 0];
    }
    bytes = [bytes[0], bytesHeld()];
  } finally {
    client.dispose();
    right.dispose();
    for (let waited = 0; waited < longestEndMs && stillThere().length > 0; waited += 100)
      await sleep(100);
    await scene.remove();
  }
  const orphans = stillThere();
  const seconds = (performance.now() - begun) / 1000;
  return { done, answers, failures, wrongMaps, orphans, bytes, seconds };
}

/** Numbers of processes are given again: whoever has one now must also run the worker. */
function isAlive(processId: number, workerFile: string): boolean {
  try {
    process.kill(processId, 0);
    return (
      process.platform !== 'linux' ||
      readFileSync(`/proc/${processId}/cmdline`, 'utf8').includes(workerFile)
    );
  } catch {
    return false;
  }
}

function bytesHeld(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
