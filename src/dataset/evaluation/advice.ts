/** Which method a model's maps should come from, by what was measured. */
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
  const blind = rows.find(
    ({ id, means }) => isControl(id) && (means.abc?.mean ?? 0) >= (best.means.abc?.mean ?? 0),
  );
  if (blind !== undefined) {
    return {
      method: undefined,
      sentence: `No method says more of this model than an order that looks at no model (${blind.id}): the best one is ${best.id} with an ABC of ${figure}.`,
    };
  }
  const lead =
    next &&
    pairedDifference(
      differencesOf(measuredOf(pictures, best.id), measuredOf(pictures, next.id), 'abc'),
    );
  return {
    method: best.id,
    sentence: [
      `Use ${best.id} for this model: ABC ${figure}`,
      next && lead ? `, ${leadInWords(next.id, lead)}` : '',
      '.',
      pictures.length < fewPictures
        ? ` That rests on ${pictures.length} pictures only: measure more of them.`
        : '',
    ].join(''),
  };
}

function meanInWords({ means: { abc } }: EvaluationRow): string {
  const { mean = 0, standardError } = abc ?? {};
  const error = standardError === undefined ? '' : ` ± ${formatThousandths(standardError)}`;
  return `${formatThousandths(mean)}${error}`;
}

function leadInWords(next: string, { mean, low, high }: PairedDifference): string {
  const interval = `[${formatThousandths(low)}, ${formatThousandths(high)}]`;
  return low > 0
    ? `ahead of ${next} by ${formatThousandths(mean)} ${interval}`
    : `as good as ${next} on these pictures (${formatDifference(mean)} ${interval})`;
}
