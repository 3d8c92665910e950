/** Threads that run a model, each on pictures of its own. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sessionsAtOnce } from '../../src/service/batch/sessions-at-once';
import { bundle } from './bundle';
import { makeScene, type Scene } from './scene';
import type { Answers } from './through-threads';

const repository = path.resolve(import.meta.dirname, '../..');

let scene: Scene;
let program: Awaited<ReturnType<typeof bundle>>;
let answers: Answers;

beforeAll(async () => {
  [scene, program] = await Promise.all([
    makeScene(),
    bundle('through-threads', 'test/process/through-threads.ts'),
  ]);
  const picture = path.join(repository, 'media/samples/dog.jpg');
  const cache = path.join(scene.folder, 'cache');
  // A process that ends in another way than by itself rejects here.
  const { stdout } = await promisify(execFile)(process.execPath, [program.file, cache, picture], {
    cwd: repository,
  });
  answers = JSON.parse(stdout) as Answers;
});
afterAll(async () => {
  await Promise.all([scene.remove(), program.remove()]);
});

describe('picture threads', () => {
  it('answer as one session does, to the last bit', () => {
    expect(answers.answered).toBe(24);
    expect(answers.difference).toBe(0);
  });

  it('tell a broken picture from a broken model, and go on after the one', () => {
    expect(answers.broken).toBe('picture');
    expect(answers.afterBroken).toBe('none');
    expect(answers.unopened).toBe('model');
  });
});

describe('sessions at once', () => {
  const megabytes = 2 ** 20;
  const gigabytes = 2 ** 30;

  it('has one a core while they are small', () => {
    expect(sessionsAtOnce(2, 70 * megabytes, 4 * gigabytes)).toEqual({ count: 2, threads: 1 });
    expect(sessionsAtOnce(8, 70 * megabytes, 4 * gigabytes)).toEqual({ count: 8, threads: 1 });
  });

  it('shares the cores out where memory allows fewer, and never has none', () => {
    const session = 760 * megabytes;
    expect(sessionsAtOnce(8, session, 16 * gigabytes)).toEqual({ count: 5, threads: 1 });
    expect(sessionsAtOnce(8, session, 8 * gigabytes)).toEqual({ count: 2, threads: 4 });
    expect(sessionsAtOnce(8, session, gigabytes)).toEqual({ count: 1, threads: 8 });
    expect(sessionsAtOnce(1, 9 * gigabytes, gigabytes)).toEqual({ count: 1, threads: 1 });
  });
});
