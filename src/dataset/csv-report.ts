import type { BatchHeader } from '../shared/batch-header';
import { sampleFigures } from '../shared/sample-figures';
import type { ExplainedSample, SampleResult } from '../shared/sample-result';

type Field = string | number | undefined;

/** What only a sample that was explained has, between its name and label and what went wrong. */
const columns: readonly (readonly [
  name: string,
  of: (sample: ExplainedSample, classes: readonly string[]) => Field,
])[] = [
  ['truth', ({ truth }) => truth],
  ['truth_name', ({ truth = -1 }, classes) => classes[truth]],
  ['answer', ({ top: [best] }) => best?.index],
  ['answer_name', ({ top: [best] }, classes) => classes[best?.index ?? -1]],
  ['probability', ({ top: [best] }) => best?.probability],
  ['value', ({ top: [best] }) => best?.value],
  ['truth_rank', ({ truthRank }) => truthRank],
  ...sampleFigures.map(({ column, of }) => [column, of] as const),
  ['sha256', ({ sha256 }) => sha256],
];

/** The figures of a report as CSV (RFC 4180), a row a sample; maps are in the JSONL report only. */
export function csvReport({ classes }: BatchHeader, results: readonly SampleResult[]): string {
  const names = ['name', 'label', ...columns.map(([name]) => name), 'error'];
  const rows = results.map((result) => [
    result.name,
    result.label,
    ...columns.map(([, of]) => (result.ok ? of(result, classes) : undefined)),
    result.ok ? undefined : result.message,
  ]);
  return [names, ...rows].map((row) => `${row.map(quoted).join(',')}\r\n`).join('');
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
