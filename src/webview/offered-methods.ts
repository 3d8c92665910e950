/** Methods as a list offers them: those that cannot run on the model say so. */
import type { MethodAvailability, MethodInfo } from '../shared/explanation';

export interface OfferedMethod extends MethodInfo {
  /** Why it cannot be chosen. */
  readonly reason: string | undefined;
}

export function offeredMethods(
  methods: readonly MethodInfo[],
  availability: readonly MethodAvailability[],
): readonly OfferedMethod[] {
  const reasons = new Map(availability.map(({ id, reason }) => [id, reason]));
  return methods.map((method) => {
    const reason = reasons.get(method.id);
    return reason === undefined
      ? { ...method, reason }
      : { ...method, reason, name: `${method.name} – not for this model` };
  });
}
