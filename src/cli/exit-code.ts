/** What the command's exit code says; documented in `vit-explain --help` and the README. */
import type { FailureCode } from '../shared/failure-data';

export const exitCodes = {
  done: 0,
  /** Something nobody foresaw. */
  internal: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** An input could not be read. */
  input: 3,
  /** The model, or what was asked of it, cannot be served. */
  model: 4,
  /** A result could not be written. */
  output: 5,
  /** Parts of a run are lacking: what `vit-explain shards` looks for. */
  lacking: 6,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The exit code of each kind of failure. */
const byFailure: Record<FailureCode, ExitCode> = {
  'image-unreadable': exitCodes.input,
  'image-too-large': exitCodes.input,
  'model-unreadable': exitCodes.model,
  'model-not-a-vit': exitCodes.model,
  'model-unknown-op': exitCodes.model,
  'model-quantised': exitCodes.model,
  'not-finite': exitCodes.model,
  'model-missing': exitCodes.model,
  'method-not-applicable': exitCodes.model,
  'removal-not-applicable': exitCodes.model,
  'change-not-applicable': exitCodes.input,
  'class-unknown': exitCodes.model,
  'labels-mismatch': exitCodes.model,
  'provider-unavailable': exitCodes.model,
  'cache-unwritable': exitCodes.output,
  'out-of-memory': exitCodes.model,
  'worker-died': exitCodes.internal,
  'platform-unsupported': exitCodes.internal,
  'download-failed': exitCodes.model,
  cancelled: exitCodes.internal,
  'setting-invalid': exitCodes.usage,
  'dataset-unusable': exitCodes.input,
  internal: exitCodes.internal,
};

export function exitCodeOf(code: FailureCode): ExitCode {
  return byFailure[code];
}
