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
      : [`completeness error ${shareOf(completenessError)}`]),
  ];
  return [sentence, facts.join(', ')];
}

/** A share in per cent, with as many digits as say something. */
function shareOf(error: number): string {
  return error < 0.0001 ? 'below 0.01 %' : `${Number((100 * error).toPrecision(2))} %`;
}
