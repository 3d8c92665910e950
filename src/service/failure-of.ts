/** Whatever a call throws, as a failure for the person. */
import { EngineError } from '../engine/engine-error';
import { Failure } from '../shared/failure';

/** The engine's errors keep their words; signs of exhausted memory are named as such. */
export function failureOf(thrown: unknown): unknown {
  if (thrown instanceof EngineError)
    return new Failure(thrown.code, thrown.message, thrown.nextStep, { cause: thrown.cause });
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (/bad_alloc|failed to allocate|out of memory|array buffer allocation failed/i.test(message)) {
    return new Failure(
      'out-of-memory',
      'There was not enough memory to run this model.',
      'Close other programs, explain fewer classes at once, or choose a smaller model.',
      { cause: thrown },
    );
  }
  return thrown;
}
