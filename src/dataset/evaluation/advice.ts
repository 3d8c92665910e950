/** Which method a model's maps should come from, by what was measured. */
import { counted } from '../../shared/counted';
import {
  isControl,
  type EvaluationRow,
  type EvaluationSummary,
  type EvaluatedPicture,
  type PairedDifference,
} from '../../shared/evaluation';
import { formatDifference, formatThousandths } from '../../shared/format-number';
import { differencesOf, measuredOf } from './compare-methods';
import { pairedDifference } from './statistics';

/** Fewer pictures say little of a model. */
const fewPictures = 20;

/** @param rows highest mean ABC first */
export function adviceOf(
  pictures: readonly EvaluatedPicture[],
  rows: readonly EvaluationRow[],
): EvaluationSummary['advice'] {
  const [best, next] = rows.filter(({ id }) => !isControl(id));
  if (best === undefined) return { method: undefined, sentence: 'Nothing was measured.' };
  const figure = meanInWords(best);
  const leadOver = (other: string) =>
    pairedDifference(
      differencesOf(measuredOf(pictures, best.id), measuredOf(pictures, other), 'abc'),
    );
  for (const { id } of rows.filter((row) => isControl(row.id))) {
    const lead = leadOver(id);
    if (lead === undefined || isSure(lead)) continue;
    return {
      method: undefined,
      sentence: `No method surely says more of this model than an order that looks at no model (${id}): the best one is ${best.id} with an ABC of ${figure}, ${differenceInWords(lead)} against it.${ofFew(pictures)}`,
    };
  }
  const lead = next && leadOver(next.id);
  return {
    method: best.id,
    sentence: [
      `Use ${best.id} for this model: ABC ${figure}`,
      next && lead ? `, ${leadInWords(next.id, lead)}` : '',
      '.',
      ofFew(pictures),
    ].join(''),
  };
}

function meanInWords({ means: { abc } }: EvaluationRow): string {
  const { mean = 0, standardError } = abc ?? {};
  const error = standardError === undefined ? '' : ` ± ${formatThousandths(standardError)}`;
  return `${formatThousandths(mean)}${error}`;
}

function ofFew({ length }: readonly EvaluatedPicture[]): string {
  if (length >= fewPictures) return '';
  return ` That rests on ${counted(length, 'picture', 'pictures')} only: measure more.`;
}

function leadInWords(next: string, lead: PairedDifference): string {
  return isSure(lead)
    ? `ahead of ${next} by ${formatThousandths(lead.mean)}${intervalOf(lead)}`
    : `though these pictures do not tell it from ${next} (${differenceInWords(lead)})`;
}

function isSure({ interval }: PairedDifference): boolean {
  return interval !== undefined && interval.low > 0;
}

function differenceInWords(lead: PairedDifference): string {
  return `${formatDifference(lead.mean)}${intervalOf(lead)}`;
}

function intervalOf({ interval }: PairedDifference): string {
  return interval === undefined
    ? ''
    : ` [${formatThousandths(interval.low)}, ${formatThousandths(interval.high)}]`;
}
