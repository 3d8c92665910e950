import type { DatasetSummary, MeanMap } from '../shared/dataset-summary';
import { remarkKinds, type RemarkKind } from '../shared/picture-remark';
import type { ExplainedSample, SampleResult } from '../shared/sample-result';
import { AmongTally } from './among-tally';
import { AnswerTally } from './answer-tally';
import { Mean } from './mean';
import { unpackMap } from './pack-map';
import { Surest } from './surest';

const brokenListed = 200;

/**
 * The lines of a report as they are counted, one after another, in the order of their names: sums of floats
 * depend on it.
 */
export class DatasetTally {
  private samples = 0;
  private unread = 0;
  private readonly broken: { readonly name: string; readonly message: string }[] = [];
  private readonly judged = new AnswerTally();
  /** Undefined before an answer is taken among some classes. */
  private among: AmongTally | undefined;
  private readonly value = new Mean();
  private least = Infinity;
  private most = -Infinity;
  private readonly border = new Mean();
  private readonly corners = [new Mean(), new Mean(), new Mean(), new Mean()] as const;
  private readonly outside = new Mean();
  private readonly cells = new Map<string, MapSum>();
  private readonly answers = new Map<number, MapSum>();
  private readonly doubts = new Map<string, { readonly name: string; count: number }>();
  private readonly remarks = new Map<RemarkKind, number>();
  private readonly surest = new Surest(surenessOf);

  add(line: SampleResult): void {
    this.samples++;
    if (line.ok) this.addExplained(line);
    else if (this.unread++ < brokenListed)
      this.broken.push({ name: line.name, message: line.message });
  }

  /** The surest mistakes, the surest first. */
  get mistakes(): readonly ExplainedSample[] {
    return this.surest.items;
  }

  /** Of the lines so far. */
  get summary(): DatasetSummary {
    const { value, least, most, corners } = this;
    const corner = (which: 0 | 1 | 2 | 3) => corners[which].value ?? 0;
    return {
      samples: this.samples,
      unread: this.unread,
      broken: [...this.broken],
      ...this.judged.figures,
      ...(this.among && { among: this.among.summary }),
      values: value.value === undefined ? undefined : { least, mean: value.value, most },
      confusion: [...this.cells]
        .map(([key, maps]) => {
          const [truth, answer] = key.split(',').map(Number);
          const meanMap = maps.mean;
          return { truth: truth ?? -1, answer: answer ?? -1, count: meanMap.samples, meanMap };
        })
        .sort((a, b) => a.truth - b.truth || a.answer - b.answer),
      meanMaps: [...this.answers]
        .map(([index, maps]) => ({ index, meanMap: maps.mean }))
        .sort((a, b) => a.index - b.index),
      border: this.border.value ?? 0,
      corners: [corner(0), corner(1), corner(2), corner(3)],
      outside: this.outside.value,
      doubts: [...this.doubts].map(([doubt, { name, count }]) => ({ doubt, name, count })),
      remarks: remarkKinds
        .map((kind) => ({ kind, count: this.remarks.get(kind) ?? 0 }))
        .filter(({ count }) => count > 0),
      mistakes: this.mistakes.map((line) => ({
        name: line.name,
        truth: line.truth ?? -1,
        answer: answerOf(line),
        probability: surenessOf(line),
      })),
    };
  }

  private addExplained(line: ExplainedSample): void {
    const { name, truth, truthRank, loss, shares, top, doubt } = line;
    const answer = answerOf(line);
    const map = positiveShares(line);
    if (truth !== undefined) {
      this.judged.add({ truthRank, loss, probability: top[0]?.probability });
      entry(this.cells, `${truth},${answer}`, () => new MapSum()).add(line, map);
      if (truthRank !== 0) this.surest.add(line);
    }
    if (line.among !== undefined) (this.among ??= new AmongTally()).add(line);
    entry(this.answers, answer, () => new MapSum()).add(line, map);
    const value = top[0]?.value;
    if (value !== undefined) {
      this.value.add(value);
      this.least = Math.min(this.least, value);
      this.most = Math.max(this.most, value);
    }
    this.border.add(shares.border);
    this.corners.forEach((corner, which) => corner.add(shares.corners[which] ?? 0));
    if (shares.outside !== undefined) this.outside.add(shares.outside);
    if (doubt !== undefined && doubt !== '')
      entry(this.doubts, doubt, () => ({ name, count: 0 })).count++;
    for (const remark of line.remarks ?? [])
      this.remarks.set(remark, (this.remarks.get(remark) ?? 0) + 1);
  }
}

/** A sum of maps, each as shares of its positive relevance. */
class MapSum {
  private rows = 0;
  private columns = 0;
  private samples = 0;
  private sum = new Float64Array();

  add({ map: { rows, columns } }: ExplainedSample, shares: Float64Array | undefined): void {
    if (this.samples === 0) {
      [this.rows, this.columns] = [rows, columns];
      this.sum = new Float64Array(rows * columns);
    }
    this.samples++;
    shares?.forEach((share, index) => (this.sum[index] = (this.sum[index] ?? 0) + share));
  }

  get mean(): MeanMap {
    const { rows, columns, samples, sum } = this;
    return { rows, columns, samples, values: Array.from(sum, (value) => value / samples) };
  }
}

/** Undefined where nothing speaks for the answer. */
function positiveShares({ map }: ExplainedSample): Float64Array | undefined {
  const values = unpackMap(map).map((value) => Math.max(0, value));
  const total = values.reduce((a, b) => a + b, 0);
  return total === 0 ? undefined : Float64Array.from(values, (value) => value / total);
}

function surenessOf({ top }: ExplainedSample): number {
  return top[0]?.probability ?? 0;
}

function answerOf(line: ExplainedSample): number {
  return line.top[0]?.index ?? -1;
}

function entry<Key, Value>(map: Map<Key, Value>, key: Key, fresh: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = fresh();
  map.set(key, made);
  return made;
}
