/** How faithful a map is, as lines for a person. */
import type { Faithfulness } from '../shared/faithfulness';

export function faithfulnessInWords({
  sentence,
  figures,
  classSensitivity,
  completenessError,
}: Faithfulness): string[] {
  const facts = [
    `deletion ${figures.deletion.toFixed(3)}`,
    `insertion ${figures.insertion.toFixed(3)}`,
    ...(figures.saco === undefined ? [] : [`SaCo ${figures.saco.toFixed(2)}`]),
    ...(classSensitivity === undefined
      ? []
      : [`class sensitivity ${classSensitivity.toFixed(2)} of 2`]),
    ...(completenessError === undefined
      ? []
      : [`completeness error ${completenessError.toPrecision(2)}`]),
  ];
  return [sentence, facts.join(', ')];
}
