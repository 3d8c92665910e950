/** The reports of an evaluation that are plain text: CSV, JSON, Markdown. */
import { metricIds, figuresOf, type EvaluationSummary } from '../../shared/evaluation';
import { controls } from '../../shared/faithfulness';
import { csvText, type CsvField } from '../csv-text';
import { byCodeUnits } from '../sample';
import { howMeasured, type EvaluationReport } from './evaluation-report';
import { evaluationTable } from './evaluation-table';

/** A row a picture and method, controls included. */
export function evaluationCsv({ header, records }: EvaluationReport): string {
  const rows: CsvField[][] = [];
  const sorted = [...records].sort((a, b) => byCodeUnits(a.name, b.name));
  for (const record of sorted) {
    if (!record.ok) {
      rows.push([record.name, record.label, ...missing(metricIds.length + 4), record.message]);
      continue;
    }
    const { name, label, index, strength, maps, failures = {} } = record;
    const picture = [name, label, index, header.classes[index], strength];
    const orders = [
      ...Object.entries(maps)
        .sort(([a], [b]) => byCodeUnits(a, b))
        .map(([id, map]) => [id, figuresOf(map)] as const),
      ...controls.map((id) => [id, record.controls[id]] as const),
    ];
    for (const [id, figures] of orders) {
      const values: Partial<Record<string, number>> = figures;
      rows.push([...picture, id, ...metricIds.map((metric) => values[metric]), undefined]);
    }
    for (const [id, message] of Object.entries(failures))
      rows.push([...picture, id, ...missing(metricIds.length), message]);
  }
  const head = [
    'name',
    'label',
    'class',
    'class_name',
    'strength',
    'method',
    ...metricIds,
    'error',
  ];
  return csvText([head, ...rows]);
}

function missing(count: number): undefined[] {
  return Array.from({ length: count }, () => undefined);
}

/** Table, curves and intervals, without the pictures’ own records. */
export function evaluationJson(
  { header, records, costs, randomised }: EvaluationReport,
  summary: EvaluationSummary,
): string {
  const shares = records.find((record) => record.ok)?.shares;
  return `${JSON.stringify({ ...header, shares, ...summary, costs, randomised }, undefined, 2)}\n`;
}

export function evaluationMarkdown(
  { header, costs, randomised }: EvaluationReport,
  summary: EvaluationSummary,
): string {
  const { head, rows } = evaluationTable(summary, costs, randomised);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    `${header.dataset} through ${header.model.name}: ${howMeasured(header, summary.pictures)}`,
    '',
    line(head),
    line(head.map((_, column) => (column === 0 ? '---' : '--:'))),
    ...rows.map(({ cells: [id = '', ...cells] }) =>
      line([id.replace(/^[\w]+/, (name) => `\`${name}\``), ...cells]),
    ),
    '',
    summary.advice.sentence,
    '',
  ].join('\n');
}
