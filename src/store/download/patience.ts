/** How long a download waits, and how often it tries again. */
export interface Patience {
  /** Attempts in a row that bring next to nothing, before giving up. */
  readonly attempts: number;
  /** Pause before the second attempt; doubled with every further one. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** A connection that does not bring `progressBytes` in so long is broken off and tried again. */
  readonly stallMs: number;
}

/** Bytes that an attempt must bring to count: a host that breaks off after each few, or drips, would never end. */
export const progressBytes = 2 ** 16;

export const usualPatience: Patience = {
  attempts: 5,
  firstPauseMs: 1000,
  longestPauseMs: 30_000,
  stallMs: 30_000,
};

/**
 * Pause before the next attempt: exponential, with up to a quarter taken off at random so that many
 * clients do not come back at once; never shorter than the server asked for (within the longest pause).
 * @param failures attempts that failed in a row, from 1
 * @param askedMs what the server's Retry-After asks for
 */
export function pauseMs(failures: number, patience: Patience, askedMs = 0): number {
  const exponential = patience.firstPauseMs * 2 ** (failures - 1) * (1 - Math.random() / 4);
  return Math.min(Math.max(exponential, askedMs), patience.longestPauseMs);
}

/** Waits, unless the signal ends the wait first. */
export async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, milliseconds);
    function done(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
    signal?.addEventListener('abort', done);
    if (signal?.aborted === true) done();
  });
}
