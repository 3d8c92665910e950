import type { ConfusionCell, DatasetSummary, MeanMap } from '../shared/dataset-summary';
import { remarkKinds } from '../shared/picture-remark';
import type { ExplainedSample, SampleResult } from '../shared/sample-result';
import { unpackMap } from './pack-map';

const mistakesListed = 50;

/** Sums up the lines of a report. Lines are put in the order of their names first: sums of floats depend on it. */
export function summarise(lines: readonly SampleResult[]): DatasetSummary {
  const ordered = [...lines].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const explained = ordered.filter((line) => line.ok);
  const labelled = explained.filter((line) => line.truth !== undefined);
  const annotated = explained
    .map(({ shares }) => shares.outside)
    .filter((share) => share !== undefined);
  const corner = (which: 0 | 1 | 2 | 3) =>
    mean(explained.map(({ shares }) => shares.corners[which])) ?? 0;
  return {
    samples: ordered.length,
    broken: ordered.filter((line) => !line.ok).map(({ name, message }) => ({ name, message })),
    labelled: labelled.length,
    top1: mean(labelled.map(({ truthRank }) => (truthRank === 0 ? 1 : 0))),
    top5: mean(labelled.map(({ truthRank }) => (truthRank !== undefined && truthRank < 5 ? 1 : 0))),
    loss: mean(labelled.map(({ loss }) => loss ?? 0)),
    values: spreadOf(explained),
    confusion: confusionCells(labelled),
    meanMaps: [...grouped(explained, (line) => String(answerOf(line)))]
      .map(([key, members]) => ({ index: Number(key), meanMap: meanMap(members) }))
      .sort((a, b) => a.index - b.index),
    border: mean(explained.map(({ shares }) => shares.border)) ?? 0,
    corners: [corner(0), corner(1), corner(2), corner(3)],
    outside: mean(annotated),
    doubts: [...grouped(explained, ({ doubt }) => doubt ?? '')]
      .filter(([doubt]) => doubt !== '')
      .map(([doubt, lines]) => ({ doubt, names: lines.map(({ name }) => name) })),
    remarks: remarkKinds
      .map((kind) => ({
        kind,
        count: explained.filter(({ remarks }) => remarks?.includes(kind)).length,
      }))
      .filter(({ count }) => count > 0),
    mistakes: labelled
      .filter(({ truthRank }) => truthRank !== 0)
      .map((line) => ({
        name: line.name,
        truth: line.truth ?? -1,
        answer: answerOf(line),
        probability: line.top[0]?.probability ?? 0,
      }))
      .sort((a, b) => b.probability - a.probability)
      .slice(0, mistakesListed),
  };
}

function spreadOf(lines: readonly ExplainedSample[]): DatasetSummary['values'] {
  const values = lines.map(({ top }) => top[0]?.value).filter((value) => value !== undefined);
  const middle = mean(values);
  if (middle === undefined) return undefined;
  const least = values.reduce((a, b) => Math.min(a, b), Infinity);
  return { least, mean: middle, most: values.reduce((a, b) => Math.max(a, b), -Infinity) };
}

function confusionCells(labelled: readonly ExplainedSample[]): ConfusionCell[] {
  return [...grouped(labelled, (line) => `${String(line.truth)},${String(answerOf(line))}`)]
    .map(([key, members]) => {
      const [truth, answer] = key.split(',').map(Number);
      return {
        truth: truth ?? -1,
        answer: answer ?? -1,
        samples: members.map(({ name }) => name),
        meanMap: meanMap(members),
      };
    })
    .sort((a, b) => a.truth - b.truth || a.answer - b.answer);
}

function meanMap(members: readonly ExplainedSample[]): MeanMap {
  const rows = members[0]?.map.rows ?? 0;
  const columns = members[0]?.map.columns ?? 0;
  const sum = new Float64Array(rows * columns);
  for (const { map } of members) {
    const values = unpackMap(map).map((value) => Math.max(0, value));
    const total = values.reduce((a, b) => a + b, 0);
    if (total === 0) continue;
    values.forEach((value, index) => (sum[index] = (sum[index] ?? 0) + value / total));
  }
  return {
    rows,
    columns,
    samples: members.length,
    values: Array.from(sum, (value) => value / members.length),
  };
}

function answerOf(line: ExplainedSample): number {
  return line.top[0]?.index ?? -1;
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((a, b) => a + b, 0) / values.length;
}
