/** Whether what is to be explained is there, and whether a method can. */
import type { AttributionModel } from './backward/attribution-model';
import { EngineError } from './engine-error';
import type { Method } from './methods/method';
import type { Target } from './methods/seed';

/** @throws EngineError `class-unknown` */
export function checkTargets(targets: readonly Target[], count: number): void {
  for (const target of targets) {
    const indices = typeof target === 'number' ? [target] : [target.index, target.against];
    for (const index of indices) {
      if (!Number.isInteger(index) || index < 0 || index >= count) {
        throw new EngineError(
          'class-unknown',
          `The model has no class ${index}; it has ${count}.`,
          `Choose a class from 0 to ${count - 1}.`,
        );
      }
    }
    if (typeof target !== 'number' && target.index === target.against) {
      throw new EngineError(
        'class-unknown',
        `Class ${target.index} cannot be told from itself.`,
        'Choose two different classes.',
      );
    }
  }
}

/** @throws EngineError `method-not-applicable` where a method cannot tell one class from another */
export function checkContrast(
  { info }: Method,
  { model, contrasts }: { readonly model: AttributionModel; readonly contrasts: boolean },
): void {
  const another =
    'Choose a method that follows the gradient of a class, e.g. libra_fullgrad or gae.';
  if (!model.inputs.some(({ role }) => role === 'seed')) {
    throw new EngineError(
      'method-not-applicable',
      `${info.name} gives the same map for every class, so it cannot show why one class and not another.`,
      another,
    );
  }
  if (!contrasts) {
    throw new EngineError(
      'method-not-applicable',
      `${info.name} cannot show why one class and not another on this model: its numbers are not one linear map of its features, so relevance has no start for their difference.`,
      another,
    );
  }
}
