/** How pictures are normalised everywhere, and how to tell such a normalisation from other numbers. */
import type { Triple } from '../../shared/preprocessing';

/** `(x − mean) / deviation` of values 0 … 1. */
export interface Normalisation {
  readonly mean: Triple;
  readonly deviation: Triple;
}

interface Named extends Normalisation {
  readonly values: string;
}

const named: readonly Named[] = [
  { values: 'ImageNet’s values', mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
  { values: 'CLIP’s values', mean: [0.4815, 0.4578, 0.4082], deviation: [0.2686, 0.2613, 0.2758] },
  { values: 'values from −1 to 1', mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] },
  { values: 'CIFAR’s values', mean: [0.4914, 0.4822, 0.4465], deviation: [0.247, 0.2435, 0.2616] },
  { values: 'CIFAR’s values', mean: [0.4914, 0.4822, 0.4465], deviation: [0.2023, 0.1994, 0.201] },
  {
    values: 'CIFAR-100’s values',
    mean: [0.5071, 0.4867, 0.4408],
    deviation: [0.2675, 0.2565, 0.2761],
  },
  { values: 'values from 0 to 1', mean: [0, 0, 0], deviation: [1, 1, 1] },
];

/** What rounding and another way of computing a data set's mean make of the same number. */
const tolerance = 0.006;

const areNear = (some: Triple, others: readonly number[]) =>
  some.every((value, i) => Math.abs(value - (others[i] ?? NaN)) < tolerance);

/** What comes out, as `ImageNet’s values`, where the numbers are known; their mean may also be subtracted alone. */
export function valuesOf({ mean, deviation }: Normalisation): string | undefined {
  const known = named.find(
    (other) => areNear(mean, other.mean) && areNear(deviation, other.deviation),
  );
  if (known) return known.values;
  return isAlone(deviation) && named.some((other) => areNear(mean, other.mean))
    ? 'values about 0'
    : undefined;
}

/** Values 0 … 1 or bytes that were not divided by anything. */
function isAlone(deviation: Triple): boolean {
  return [1, 255].some((factor) =>
    deviation.every((value) => Math.abs(value * factor - 1) < tolerance),
  );
}

/** The same with the channels the other way round. */
export function turned({ mean, deviation }: Normalisation): Normalisation {
  const reverse = ([red, green, blue]: Triple): Triple => [blue, green, red];
  return { mean: reverse(mean), deviation: reverse(deviation) };
}

/** Numbers that some data set of photos may have. */
export function isPlausible({ mean, deviation }: Normalisation): boolean {
  return (
    mean.every((value) => value > 0.2 && value < 0.8) &&
    deviation.every((value) => value > 0.14 && value < 0.55)
  );
}

/** Whether both are the same, or `some` only subtracts the same mean. */
export function areSame(some: Normalisation, other: Normalisation): boolean {
  return (
    areNear(some.mean, other.mean) &&
    (areNear(some.deviation, other.deviation) || isAlone(some.deviation))
  );
}

/**
 * What `inner` does to values `(v · rescale − mean) / deviation` of bytes v, as done to values 0 … 1 at once.
 */
export function composed(
  { rescale, mean, deviation }: Normalisation & { readonly rescale: number },
  inner: Normalisation,
): Normalisation {
  const each = (value: (i: 0 | 1 | 2) => number): Triple => [value(0), value(1), value(2)];
  const factor = 255 * rescale;
  return {
    mean: each((i) => (inner.mean[i] * deviation[i] + mean[i]) / factor),
    deviation: each((i) => (inner.deviation[i] * deviation[i]) / factor),
  };
}
