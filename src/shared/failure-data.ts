/** What went wrong, as plain data. */
import * as v from 'valibot';
import type { Data } from './schema';

/** What kind of thing went wrong; decides which buttons the panel offers. */
export const failureCodes = [
  'image-unreadable',
  'image-too-large',
  'model-unreadable',
  'model-not-a-vit',
  'model-unknown-op',
  'model-quantised',
  'not-finite',
  'model-missing',
  'method-not-applicable',
  'removal-not-applicable',
  'change-not-applicable',
  'class-unknown',
  'labels-mismatch',
  'provider-unavailable',
  'cache-unwritable',
  'out-of-memory',
  'worker-died',
  'platform-unsupported',
  'download-failed',
  'cancelled',
  'setting-invalid',
  'dataset-unusable',
  'internal',
] as const;

export type FailureCode = (typeof failureCodes)[number];

export const failureSchema = v.object({
  code: v.picklist(failureCodes),
  /** One or two sentences: what happened and why. */
  message: v.string(),
  /** One sentence: what to do next. */
  nextStep: v.string(),
  /** For the log only. */
  detail: v.exactOptional(v.string()),
});

export type FailureData = Data<typeof failureSchema>;
