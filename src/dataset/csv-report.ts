import type { BatchHeader } from '../shared/batch-header';
import { sampleFigures } from '../shared/sample-figures';
import { preprocessingSteps } from '../shared/preprocessing-steps';
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

/** Of answers that are also taken among some classes. */
const columnsAmong: typeof columns = [
  ['among_answer', ({ among }) => among?.top[0]?.index],
  ['among_answer_name', ({ among }, classes) => classes[among?.top[0]?.index ?? -1]],
  ['among_probability', ({ among }) => among?.top[0]?.probability],
  ['among_truth_rank', ({ among }) => among?.truthRank],
  ['among_loss', ({ among }) => among?.loss],
];

/**
 * The figures of a report as CSV (RFC 4180), a row a sample, the header first; maps are in the JSONL
 * report only. What all rows have in common stands in each, so that tables of several runs can be joined.
 */
export async function* csvReport(
  { classes, model, method, preprocessing, among, made }: BatchHeader,
  results: AsyncIterable<SampleResult> | Iterable<SampleResult>,
): AsyncGenerator<string, void> {
  const common = Object.entries({
    method,
    model_sha256: model.sha256,
    preprocessing: preprocessingSteps(preprocessing),
    ...(among && { among_classes: among.classes.join(' ') }),
    made,
  });
  const own = among === undefined ? columns : [...columns, ...columnsAmong];
  const [commonNames, commonFields] = [common.map(([name]) => name), common.map(([, of]) => of)];
  yield csvText([['name', 'label', ...own.map(([name]) => name), 'error', ...commonNames]]);
  for await (const result of results) {
    const figures = own.map(([, of]) => (result.ok ? of(result, classes) : undefined));
    const error = result.ok ? undefined : result.message;
    yield csvText([[result.name, result.label, ...figures, error, ...commonFields]]);
  }
}
