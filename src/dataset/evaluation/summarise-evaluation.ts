/** From the records of pictures to the table of methods. */
import { controls } from '../../shared/faithfulness';
import {
  metricIds,
  type EvaluatedPicture,
  type EvaluationRow,
  type EvaluationSummary,
  type MetricId,
  type PictureRecord,
} from '../../shared/evaluation';
import { unpackMap } from '../pack-map';
import { byCodeUnits } from '../sample';
import { adviceOf } from './advice';
import { differencesOf, measuredOf, type Measured } from './compare-methods';
import { meanCurve, meanOf, pairedDifference } from './statistics';

/** Pictures listed of each method at either end, none of them at both. */
const mostListed = 3;

/**
 * @param records a line a picture, in any order
 * @param preferred the method to compare the others with, where it was measured
 */
export function summariseEvaluation(
  records: readonly PictureRecord[],
  preferred: string,
): EvaluationSummary {
  const sorted = [...records].sort((a, b) => byCodeUnits(a.name, b.name));
  const pictures = sorted.filter((record) => record.ok && Object.keys(record.maps).length > 0);
  const evaluated = pictures as readonly EvaluatedPicture[];
  const methods = [...new Set(evaluated.flatMap(({ maps }) => Object.keys(maps)))].sort(
    byCodeUnits,
  );
  const reference = methods.includes(preferred) ? preferred : methods[0];
  const comparedWith = measuredOf(evaluated, reference ?? '');
  const rows = [
    ...methods.map((id) => methodRow(evaluated, id, id === reference ? undefined : comparedWith)),
    ...controls.map((id) => rowOf(id, measuredOf(evaluated, id), comparedWith)),
  ].sort((a, b) => (b.means.abc?.mean ?? 0) - (a.means.abc?.mean ?? 0));
  return {
    pictures: evaluated.length,
    broken: sorted.flatMap((record) => (record.ok ? [] : [record])),
    rows: evaluated.length === 0 ? [] : rows,
    reference,
    advice: adviceOf(evaluated, rows),
    failures: failuresOf(evaluated),
  };
}

function methodRow(
  pictures: readonly EvaluatedPicture[],
  id: string,
  reference: Measured | undefined,
): EvaluationRow {
  const maps = pictures.flatMap((picture) => picture.maps[id] ?? []);
  const meansOf = (order: 'mostFirst' | 'leastFirst') => ({
    probability: meanCurve(maps.map((map) => map[order].probability)),
    logit: meanCurve(maps.map((map) => map[order].logit)),
  });
  const zero = maps.filter(({ map }) => unpackMap(map).every((value) => value === 0));
  return {
    ...rowOf(id, measuredOf(pictures, id), reference),
    zeroMaps: zero.length / maps.length,
    curves: { mostFirst: meansOf('mostFirst'), leastFirst: meansOf('leastFirst') },
  };
}

function rowOf(id: string, measured: Measured, reference: Measured | undefined): EvaluationRow {
  const byAbc = [...measured].sort(([, a], [, b]) => b.abc - a.abc).map(([name]) => name);
  return {
    id,
    means: ofEachMetric((metric) => meanOf(valuesOf(measured, metric))),
    differences: ofEachMetric((metric) =>
      reference === undefined
        ? undefined
        : pairedDifference(differencesOf(measured, reference, metric)),
    ),
    zeroMaps: undefined,
    curves: undefined,
    best: byAbc.slice(0, Math.min(mostListed, Math.ceil(byAbc.length / 2))),
    worst: byAbc.toReversed().slice(0, Math.min(mostListed, Math.floor(byAbc.length / 2))),
  };
}

function valuesOf(measured: Measured, metric: MetricId): number[] {
  return [...measured.values()].flatMap((figures) => figures[metric] ?? []);
}

function ofEachMetric<Value>(
  of: (metric: MetricId) => Value | undefined,
): Partial<Record<MetricId, Value>> {
  const entries = metricIds.map((metric) => [metric, of(metric)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function failuresOf(pictures: readonly EvaluatedPicture[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const method of pictures.flatMap(({ failures = {} }) => Object.keys(failures)))
    counts[method] = (counts[method] ?? 0) + 1;
  return counts;
}
