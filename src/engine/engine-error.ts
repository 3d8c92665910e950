/** Errors of the engine: a sentence for the person and a next step, as everywhere. */

export type EngineErrorCode =
  | 'model-unreadable'
  | 'model-not-a-vit'
  | 'model-unknown-op'
  | 'model-quantised'
  | 'not-finite'
  | 'method-not-applicable'
  | 'removal-not-applicable'
  | 'class-unknown'
  | 'provider-unavailable'
  | 'cache-unwritable'
  | 'out-of-memory'
  | 'dataset-unusable';

/** Thrown wherever the engine cannot give a right answer; it never gives a wrong map instead. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  constructor(
    readonly code: EngineErrorCode,
    message: string,
    readonly nextStep: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
