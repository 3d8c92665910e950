/** What a model answers among some of its classes: the one place that decides it. */
import type { OutputKind } from '../../shared/output-kind';
import { lossOf, probabilitiesOf, ranking, smallestProbability } from './probabilities';

export interface AnswersAmong {
  /** The numbers of the classes, the most probable first. */
  readonly ranked: readonly number[];
  /** A class's share, 0 … 1; undefined of others than these. */
  readonly shareOf: (index: number) => number | undefined;
  /** As `lossOf`, of these classes alone; undefined where the truth is none of them. */
  readonly lossOf: (truth: number) => number | undefined;
}

/**
 * As if the model had these classes alone: of logits, their softmax; of probabilities that add up to
 * 1, each divided by the sum of these, which is the same. Classes that are judged each on its own
 * keep their probabilities.
 *
 * @param outputs of all classes
 * @param classes numbers of classes that the model has, none twice
 */
export function answersAmong(
  outputs: Float32Array,
  kind: OutputKind,
  classes: readonly number[],
): AnswersAmong {
  const own = Float32Array.from(classes, (index) => outputs[index] ?? 0);
  const isShared = kind === 'probability' && addsUpToOne(outputs);
  const numbers = isShared
    ? own.map((share) => Math.log(Math.max(share, smallestProbability)))
    : own;
  const meant = isShared ? 'softmax' : kind;
  const shares = probabilitiesOf(numbers, meant);
  const placeOf = new Map(classes.map((index, place) => [index, place]));
  const at = <Value>(index: number, of: (place: number) => Value): Value | undefined => {
    const place = placeOf.get(index);
    return place === undefined ? undefined : of(place);
  };
  return {
    ranked: ranking(numbers, meant).map((place) => classes[place] ?? 0),
    shareOf: (index) => at(index, (place) => shares?.[place]),
    lossOf: (truth) => at(truth, (place) => lossOf(numbers, place, meant)),
  };
}

/** Half precision and sums of thousands round. */
const rounding = 1e-2;

function addsUpToOne(probabilities: Float32Array): boolean {
  return Math.abs(probabilities.reduce((a, b) => a + b, 0) - 1) < rounding;
}
