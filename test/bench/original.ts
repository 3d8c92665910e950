/** The original PyTorch code of `transformer_attribution`, timed by reference.py in a Python given. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { Spent } from './spent';

/** Medians of a plain forward run, and of explaining one class and five. */
export interface OriginalTimes {
  readonly torch: string;
  readonly plain: Spent;
  readonly one: Spent;
  readonly five: Spent;
}

/** @throws Error with a sentence where Python, its packages or the checkout are missing */
export function timeOriginal(
  python: string,
  checkout: string,
  threads: number,
  rounds: number,
): OriginalTimes {
  const args = ['test/bench/reference.py', path.resolve(checkout)];
  const run = spawnSync(
    python,
    [...args, '--threads', String(threads), '--rounds', String(rounds)],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  if (run.error) {
    throw new Error(
      `${python} could not be started (${run.error.message}). Give --reference the path of a Python that has PyTorch.`,
    );
  }
  const last = run.stdout.trim().split('\n').at(-1);
  if (run.status !== 0 || !last) throw new Error('The original code could not be timed.');
  return JSON.parse(last) as OriginalTimes;
}
