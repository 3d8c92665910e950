/** The table of methods and figures in words, as every report shows it. */
import {
  isControl,
  metricIds,
  metrics,
  type EvaluationRow,
  type EvaluationSummary,
  type MeasuredCosts,
  type MeasuredRandomisation,
  type MetricId,
} from '../../shared/evaluation';
import { formatDifference, formatThousandths } from '../../shared/format-number';

export interface EvaluationTable {
  readonly head: readonly string[];
  /** A row a method or control, its id first. */
  readonly rows: readonly { readonly id: string; readonly cells: readonly string[] }[];
}

const none = '–';

/** @param costs and `randomised` are left out where they were not measured */
export function evaluationTable(
  { rows, reference }: EvaluationSummary,
  costs: MeasuredCosts | undefined,
  randomised?: MeasuredRandomisation,
): EvaluationTable {
  const shown = metricIds.filter((metric) => rows.some(({ means }) => means[metric] !== undefined));
  const [first, ...others] = shown;
  const hasInterval = rows.some(({ differences }) => differences.abc?.interval !== undefined);
  return {
    head: [
      'Method',
      ...(first === undefined ? [] : [metrics[first].name]),
      `Against ${reference ?? none}${hasInterval ? ', 95 %' : ''}`,
      ...others.map((metric) => metrics[metric].name),
      'Zero maps',
      ...(randomised === undefined ? [] : ['Randomised']),
      ...(costs === undefined ? [] : ['Cost']),
    ],
    rows: rows.map((row) => ({
      id: row.id,
      cells: [
        isControl(row.id) ? `${row.id} (control)` : row.id,
        ...(first === undefined ? [] : [meanCell(row, first)]),
        differenceCell(row),
        ...others.map((metric) => meanCell(row, metric)),
        row.zeroMaps === undefined ? none : `${(row.zeroMaps * 100).toFixed(0)} %`,
        ...(randomised === undefined ? [] : [lastCell(randomised[row.id])]),
        ...(costs === undefined ? [] : [costs[row.id]?.toFixed(1) ?? none]),
      ],
    })),
  };
}

function meanCell({ means }: EvaluationRow, metric: MetricId): string {
  const found = means[metric];
  if (found === undefined) return none;
  const { mean, standardError } = found;
  const written = withoutSign(formatThousandths(mean));
  return standardError === undefined ? written : `${written} ± ${formatThousandths(standardError)}`;
}

/** With the weights of all blocks shuffled. */
function lastCell(correlations: readonly number[] | undefined): string {
  const last = correlations?.at(-1);
  return last === undefined || Number.isNaN(last) ? none : withoutSign(formatThousandths(last));
}

function withoutSign(written: string): string {
  return written.replace('−0.000', '0.000');
}

function differenceCell({ differences: { abc } }: EvaluationRow): string {
  if (abc === undefined) return none;
  const { mean, interval } = abc;
  const written = formatDifference(mean);
  return interval === undefined
    ? written
    : `${written} [${formatThousandths(interval.low)}, ${formatThousandths(interval.high)}]`;
}
