/** The messages that carry calls to the worker process, and their answers back. */
import * as v from 'valibot';
import type { FailureData } from '../failure-data';
import type { Data } from '../schema';
import { calls, type CallEvent, type CallName, type Result } from './calls';
import { workerSettingsSchema } from './settings';

/** Everything a client sends; the settings come first. What is asked is checked by `calls`. */
export const toWorkerSchema = v.variant('kind', [
  v.object({ kind: v.literal('settings'), settings: workerSettingsSchema }),
  v.object({
    kind: v.literal('call'),
    id: v.number(),
    name: v.picklist(Object.keys(calls) as CallName[]),
    params: v.unknown(),
  }),
]);

export type ToWorker = Data<typeof toWorkerSchema>;

/**
 * Everything the worker sends: for each call that it has begun, any number of events, then one result or
 * failure. A call that was not begun can be sent again, whatever became of the process.
 */
export type FromWorker =
  | { readonly kind: 'begun'; readonly id: number }
  | { readonly kind: 'event'; readonly id: number; readonly event: CallEvent<CallName> }
  | { readonly kind: 'result'; readonly id: number; readonly result: Result<CallName> }
  | { readonly kind: 'failure'; readonly id: number; readonly failure: FailureData };
