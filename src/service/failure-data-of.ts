/** Whatever a call throws, as a failure for the person. */
import { EngineError } from '../engine/engine-error';
import { Failure, failureData } from '../shared/failure';
import type { FailureData } from '../shared/failure-data';

/** The engine's errors keep their words; signs of exhausted memory are named as such. */
export function failureDataOf(thrown: unknown): FailureData {
  if (thrown instanceof EngineError) {
    const { code, message, nextStep, cause } = thrown;
    return failureData(new Failure(code, message, nextStep, { cause }));
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return /bad_alloc|failed to allocate|out of memory|array buffer allocation failed/i.test(message)
    ? failureData(
        new Failure(
          'out-of-memory',
          'There was not enough memory to run this model.',
          'Close other programs, explain fewer classes at once, or choose a smaller model.',
          { cause: thrown },
        ),
      )
    : failureData(thrown);
}
