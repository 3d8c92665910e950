import type { EvaluatedPicture, EvaluationHeader, PictureRecord } from '../../shared/evaluation';
import { Failure } from '../../shared/failure';
import { byCodeUnits } from '../sample';
import { shardDifference } from '../shards/check-shards';
import { evaluationDifference, type EvaluationFile } from './evaluation-file';

/**
 * Joins evaluations of parts of a dataset, or of different methods on the same pictures: the header
 * they share, and every picture once with all that was measured of it.
 *
 * @throws Failure `dataset-unusable` when they do not belong together or contradict each other, or
 *   where a method was measured on some of the pictures only
 */
export function mergeEvaluations(
  evaluations: readonly (Omit<EvaluationFile, 'end'> & { readonly file: string })[],
): { readonly header: EvaluationHeader; readonly records: readonly PictureRecord[] } {
  const [first, ...others] = evaluations;
  if (first === undefined) throw new RangeError('nothing to merge');
  for (const { header, complete, file } of others) {
    const difference =
      evaluationDifference(first.header, header) ?? shardDifference(first, { header, complete });
    if (difference !== undefined) {
      throw new Failure(
        'dataset-unusable',
        `${file} and ${first.file} do not belong together: ${difference} differs.`,
        'Merge the shards of one run only: the same dataset, model, pictures and steps.',
      );
    }
  }
  const byName = new Map<string, PictureRecord>();
  for (const { records, file } of evaluations) {
    for (const record of records.values()) {
      const other = byName.get(record.name);
      const joined = other === undefined ? record : joinedRecord(other, record);
      if (joined === undefined) {
        throw new Failure(
          'dataset-unusable',
          `${file} says something else of ${record.name} than a file before it.`,
          'Measure the shards again that hold this picture.',
        );
      }
      byName.set(record.name, joined);
    }
  }
  const records = [...byName.values()].sort((a, b) => byCodeUnits(a.name, b.name));
  checkMethods(records);
  return { header: { ...first.header, shard: undefined }, records };
}

/** Undefined where they contradict each other. */
function joinedRecord(a: PictureRecord, b: PictureRecord): PictureRecord | undefined {
  if (!a.ok || !b.ok) return same(a, b) ? a : undefined;
  const bare = (picture: EvaluatedPicture) => ({ ...picture, maps: {}, failures: undefined });
  const shared = Object.keys(a.maps).filter((method) => method in b.maps);
  if (!same(bare(a), bare(b)) || !shared.every((method) => same(a.maps[method], b.maps[method])))
    return undefined;
  const failures = { ...a.failures, ...b.failures };
  return {
    ...a,
    maps: { ...a.maps, ...b.maps },
    ...(Object.keys(failures).length > 0 && { failures }),
  };
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** @throws Failure `dataset-unusable` */
function checkMethods(records: readonly PictureRecord[]): void {
  const evaluated = records.filter((record) => record.ok);
  const methods = new Set(evaluated.flatMap(methodsOf));
  for (const record of evaluated) {
    const own = methodsOf(record);
    const missing = [...methods].find((method) => !own.includes(method));
    if (missing !== undefined) {
      throw new Failure(
        'dataset-unusable',
        `The files do not belong together: ${missing} was measured on other pictures, but not on ${record.name}.`,
        'Measure the same methods in every shard.',
      );
    }
  }
}

/** The methods that were asked for, whether they gave a map or said why not. */
export function methodsOf({ maps, failures = {} }: EvaluatedPicture): string[] {
  return [...Object.keys(maps), ...Object.keys(failures)];
}
