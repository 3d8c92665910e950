/** A short run of `npm run chaos`. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chaos } from '../chaos/chaos';
import { faultsOf } from '../chaos/faults';
import { bundle } from './bundle';

let worker: Awaited<ReturnType<typeof bundle>>;

beforeAll(async () => {
  worker = await bundle('worker');
});
afterAll(() => worker.remove());

it('answers rightly whatever is cancelled, replaced, killed and changed meanwhile', async () => {
  const outcome = await chaos(worker.file, 16, 12);
  expect(faultsOf(outcome)).toEqual([]);
  expect(outcome.done.cancel + outcome.done.replace + outcome.done.kill).toBe(12);
  // Whatever was asked is judged; how much comes to an answer depends on what is interrupted in time. What
  // replaces another request always does.
  expect(outcome.done.replace).toBeGreaterThan(0);
  expect(outcome.answers).toBeGreaterThanOrEqual(outcome.done.replace);
});
