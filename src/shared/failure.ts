/** Errors that are meant for a person: they cross every process boundary as plain data. */

/** What kind of thing went wrong; decides which buttons the panel offers. */
export type FailureCode =
  | 'image-unreadable'
  | 'image-too-large'
  | 'model-unreadable'
  | 'model-not-a-vit'
  | 'model-unknown-op'
  | 'model-quantised'
  | 'not-finite'
  | 'model-missing'
  | 'method-not-applicable'
  | 'class-unknown'
  | 'labels-mismatch'
  | 'provider-unavailable'
  | 'cache-unwritable'
  | 'out-of-memory'
  | 'worker-died'
  | 'download-failed'
  | 'cancelled'
  | 'setting-invalid'
  | 'dataset-unusable'
  | 'internal';

/** A failure as plain data. */
export interface FailureData {
  readonly code: FailureCode;
  /** One or two sentences: what happened and why. */
  readonly message: string;
  /** One sentence: what to do next. */
  readonly nextStep: string;
  /** For the log only. */
  readonly detail?: string;
}

/** An error with a sentence for the person and a next step. */
export class Failure extends Error {
  override readonly name = 'Failure';
  constructor(
    readonly code: FailureCode,
    message: string,
    readonly nextStep: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The plain data of any thrown value; what nobody foresaw becomes `internal`, with its stack as detail. */
export function failureData(thrown: unknown): FailureData {
  if (thrown instanceof Failure) {
    const { code, message, nextStep, cause } = thrown;
    return cause === undefined
      ? { code, message, nextStep }
      : { code, message, nextStep, detail: describeCause(cause) };
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return {
    code: 'internal',
    message: `Something unforeseen went wrong: ${message}`,
    nextStep: 'Open the log for the details; please report it if it happens again.',
    detail: describeCause(thrown),
  };
}

/** A `Failure` again, from its plain data. */
export function failureFrom(data: FailureData): Failure {
  return new Failure(
    data.code,
    data.message,
    data.nextStep,
    data.detail === undefined ? undefined : { cause: data.detail },
  );
}

function describeCause(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}
