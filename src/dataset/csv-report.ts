import type { BatchHeader } from '../shared/batch-header';
import { sampleFigures } from '../shared/sample-figures';
import { csvText, type CsvField } from './csv-text';
import type { ExplainedSample, SampleResult } from '../shared/sample-result';

/** What only a sample that was explained has, between its name and label and what went wrong. */
const columns: readonly (readonly [
  name: string,
  of: (sample: ExplainedSample, classes: readonly string[]) => CsvField,
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
  return csvText([names, ...rows]);
}
