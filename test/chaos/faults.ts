import type { Outcome } from './chaos';

/** What the client's own books, buffers of child processes included, may grow by. */
const growthBytes = 8e6;

/** What must not have happened, a line each. */
export function faultsOf({ failures, wrongMaps, orphans, bytes }: Outcome): readonly string[] {
  const [before, after] = bytes;
  return [
    ...failures,
    ...wrongMaps,
    ...orphans.map((id) => `process ${id} is still there`),
    ...(after - before > growthBytes ? [`this process grew from ${before} to ${after} bytes`] : []),
  ];
}
