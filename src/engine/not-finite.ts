/** Numbers that are none (NaN, infinity) are never shown as if they were: where they first appear is said. */
import { EngineError } from './engine-error';

export type NotFinite = 'NaN' | 'infinity';

/** The first kind of number that is none among values; undefined if all are finite. */
export function notFiniteAmong(values: Float32Array): NotFinite | undefined {
  const found = values.find((value) => !Number.isFinite(value));
  if (found === undefined) return undefined;
  return Number.isNaN(found) ? 'NaN' : 'infinity';
}

/** @param where e.g. `in the weight “head.weight”` */
export function modelNotFinite(kind: NotFinite, where: string): EngineError {
  return new EngineError(
    'not-finite',
    `The model does not compute with numbers: ${kind} first appears ${where}.`,
    'Export the model again from a checkpoint whose weights are sound, in float32 if it was made in half precision.',
  );
}

/** Of one picture among many, where looking further would cost too much. */
export function answerNotFinite(kind: NotFinite): EngineError {
  return new EngineError(
    'not-finite',
    `The model’s answer to this picture is not made of numbers but holds ${kind}.`,
    'Explain this picture alone to see where that first appears.',
  );
}
