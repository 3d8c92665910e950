/** How good a probe is, whose head gives logits of classes that exclude each other. */
import { lossOf } from '../outputs/probabilities';

/** Over rows whose classes are known. */
export interface ClassificationReport {
  readonly rows: number;
  readonly top1: number;
  readonly top5: number;
  /** Mean negative log-likelihood, in nats. */
  readonly loss: number;
  readonly perClass: readonly {
    readonly rows: number;
    /** Of those called this class, the share that is; undefined when none was called so. */
    readonly precision: number | undefined;
    /** Of those that are this class, the share called so; undefined when there is none. */
    readonly recall: number | undefined;
  }[];
  /** `confusion[truth][answer]`: counts. */
  readonly confusion: readonly (readonly number[])[];
}

/** The report of `[rows, classes]` logits against the true classes. Ties go to the lower index. */
export function classificationReport(
  logits: Float32Array,
  labels: Int32Array,
  classes: number,
): ClassificationReport {
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  let top1 = 0;
  let top5 = 0;
  let loss = 0;
  labels.forEach((label, row) => {
    const answer = logits.subarray(row * classes, (row + 1) * classes);
    const rank = rankOf(answer, label);
    if (rank === 0) top1++;
    if (rank < 5) top5++;
    loss += lossOf(answer, label, 'softmax') ?? 0;
    const line = confusion[label];
    const best = argmax(answer);
    if (line !== undefined) line[best] = (line[best] ?? 0) + 1;
  });
  const rows = labels.length;
  const perClass = confusion.map((line, index) => {
    const truths = sum(line);
    const answers = sum(confusion.map((other) => other[index] ?? 0));
    const right = line[index] ?? 0;
    return {
      rows: truths,
      precision: answers === 0 ? undefined : right / answers,
      recall: truths === 0 ? undefined : right / truths,
    };
  });
  return { rows, top1: top1 / rows, top5: top5 / rows, loss: loss / rows, perClass, confusion };
}

function argmax(values: Float32Array): number {
  return values.reduce((best, value, index) => (value > (values[best] ?? 0) ? index : best), 0);
}

/** How many classes come before this one. */
function rankOf(values: Float32Array, index: number): number {
  const own = values[index] ?? 0;
  return values.reduce(
    (rank, value, other) => rank + (value > own || (value === own && other < index) ? 1 : 0),
    0,
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
