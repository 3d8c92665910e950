/** How many threads run a model on pictures of their own, and how many cores each may take. */
import os from 'node:os';

export interface Sessions {
  readonly count: number;
  readonly threads: number;
}

/** What the sessions of a dataset may take together, in bytes. */
function budget(memory: number): number {
  return Math.max(2 ** 30, memory / 4);
}

/** Whether even one session would take too much. */
export function isTooLarge(sessionBytes: number, memory = os.totalmem()): boolean {
  return sessionBytes > budget(memory);
}

/**
 * Cores do more on pictures of their own than together on one: a small model's products are too
 * short to be shared out, and decoding falls where a core is free. So there are as many sessions as
 * cores, as far as memory goes.
 */
export function sessionsAtOnce(
  cores: number,
  sessionBytes: number,
  memory = os.totalmem(),
): Sessions {
  const affordable = Math.floor(budget(memory) / sessionBytes);
  const count = Math.max(1, Math.min(cores, affordable));
  return { count, threads: Math.floor(cores / count) };
}
