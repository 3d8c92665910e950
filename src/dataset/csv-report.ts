import type { BatchHeader } from '../shared/batch-header';
import type { SampleResult } from '../shared/sample-result';

const columns = [
  'name',
  'label',
  'truth',
  'truth_name',
  'answer',
  'answer_name',
  'probability',
  'value',
  'truth_rank',
  'loss',
  'border',
  'corner_top_left',
  'corner_top_right',
  'corner_bottom_left',
  'corner_bottom_right',
  'outside',
  'sha256',
  'error',
] as const;

type Field = string | number | undefined;

/** The figures of a report as CSV (RFC 4180), a row a sample; maps are in the JSONL report only. */
export function csvReport(header: BatchHeader, results: readonly SampleResult[]): string {
  const rows = results.map((result) => row(rowOf(header, result)));
  return [columns.join(','), ...rows].join('\r\n') + '\r\n';
}

function rowOf(
  { classes }: BatchHeader,
  result: SampleResult,
): Partial<Record<(typeof columns)[number], Field>> {
  const { name, label } = result;
  if (!result.ok) return { name, label, error: result.message };
  const { truth, truthRank, loss, shares, sha256 } = result;
  const [best] = result.top;
  const [topLeft, topRight, bottomLeft, bottomRight] = shares.corners;
  return {
    name,
    label,
    truth,
    truth_name: truth === undefined ? undefined : classes[truth],
    answer: best?.index,
    answer_name: best && classes[best.index],
    probability: best?.probability,
    value: best?.value,
    truth_rank: truthRank,
    loss,
    border: shares.border,
    corner_top_left: topLeft,
    corner_top_right: topRight,
    corner_bottom_left: bottomLeft,
    corner_bottom_right: bottomRight,
    outside: shares.outside,
    sha256,
  };
}

function row(fields: Partial<Record<(typeof columns)[number], Field>>): string {
  return columns.map((column) => quoted(fields[column])).join(',');
}

/** A spreadsheet would run text that is a formula; an apostrophe keeps it text. */
function quoted(field: Field): string {
  if (field === undefined) return '';
  if (typeof field === 'number') return String(field);
  const safe = couldBeFormula(field) ? `'${field}` : field;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const looksLikeNumber = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?$/i;
/** Numbers, references to cells, and what calculates with them. */
const arithmetic = /^([A-Z]{1,3}\d+|\d+([.,]\d+)?|[-+*/^&%:$\s])+$/i;

/** Behind a sign only what calls a function or a program, or calculates. */
function couldBeFormula(text: string): boolean {
  if (/^[=@\t\r]/.test(text)) return true;
  return (
    /^[+-]/.test(text) &&
    !looksLikeNumber.test(text) &&
    (/[(|!]/.test(text) || arithmetic.test(text))
  );
}
