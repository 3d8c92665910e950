/** What files and weights leave open, one line each. */
import type { Assumption } from '../shared/assumption';

export function assumedLines(modelName: string, assumed: readonly Assumption[]): string[] {
  return assumed.map(
    ({ subject, value, reason }) =>
      `Assumed of ${modelName}: ${subject} ${value}, since ${reason}.`,
  );
}
