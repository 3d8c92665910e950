/** Errors that are meant for a person: they cross every process boundary as plain data. */
import type { FailureCode, FailureData } from './failure-data';
import { shortened } from './shortened';

/** What a file says of itself is repeated to the person, who reads no more than a page. */
const mostCharacters = 2000;

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
    const { code, nextStep, cause } = thrown;
    const message = shortened(thrown.message, mostCharacters);
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
