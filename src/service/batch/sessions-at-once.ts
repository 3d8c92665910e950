/** How many threads run a model on pictures of their own, and how many cores each may take. */
export interface Sessions {
  readonly count: number;
  readonly threads: number;
}

/** What sessions of one model may take together, in bytes. */
const budget = 2 ** 30;
/** What a session takes besides its weights, about. */
const activations = 48 * 2 ** 20;

/**
 * Cores do more on pictures of their own than together on one: a small model's products are too
 * short to be shared out, and decoding falls where a core is free. So there are as many sessions as
 * cores, as far as memory goes.
 */
export function sessionsAtOnce(cores: number, weightBytes: number): Sessions {
  const affordable = Math.floor(budget / (weightBytes + activations));
  const count = Math.max(1, Math.min(cores, affordable));
  return { count, threads: Math.floor(cores / count) };
}
