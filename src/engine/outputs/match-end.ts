/** What a tail computes, told from its values. */
import { probabilitiesOf } from './probabilities';
import type { TailValues } from './run-tail';

/** A class’s logit: which number of the tensor, and times what. */
export interface Column {
  readonly of: number;
  readonly factor: number;
}

/** The output is a known function of this tensor. */
export interface Match {
  readonly kind: 'softmax' | 'sigmoid' | 'binary';
  readonly tensor: string;
  readonly columns: readonly Column[];
}

/** What the values of an output are that is no known function of any one tensor. */
export type Range =
  /** From 0 to `whole`, adding up to it. */
  | { readonly kind: 'distribution'; readonly whole: 1 | 100 }
  /** Logarithms of such, times `factor`. */
  | { readonly kind: 'log-distribution'; readonly factor: number }
  /** From 0 to 1. */
  | { readonly kind: 'shares' }
  | { readonly kind: 'other' };

/** Of probabilities: more than rounding, less than a clipping that a person would notice. */
const tolerance = 1e-4;

/**
 * The first tensor of which the output is the softmax, the sigmoid, or the hundredfold of one of
 * these, or its logarithm to any base, which may be negated for a softmax.
 * @param candidates in the order to try them
 */
export function matchEnd(
  values: TailValues,
  output: string,
  candidates: readonly string[],
): Match | undefined {
  const given = values.get(output) ?? [];
  const forms = [
    given,
    given.map((run) => run.map((x) => x / 100)),
    given.map((run) => run.map(Math.exp)),
  ];
  for (const tensor of candidates) {
    const logits = values.get(tensor);
    if (!logits) continue;
    for (const form of [...forms, ...unlogged(logits, given)]) {
      const match = asProbabilities(logits, form);
      if (match) return { ...match, tensor };
    }
  }
  return undefined;
}

type Runs = readonly Float32Array[];

/**
 * exp(output / c) for the c of c · log p that fits, p being the softmax or the sigmoid of the logits.
 * −log σ(−x) is the softplus, with which regressions end: of a sigmoid, c is above 0.
 */
function unlogged(logits: Runs, given: Runs): readonly Runs[] {
  if (logits[0]?.length !== given[0]?.length) return [];
  const total = (runs: Runs) => runs.reduce((sum, run) => sum + run.reduce((a, b) => a + b, 0), 0);
  return (['softmax', 'sigmoid'] as const).flatMap((kind) => {
    const logs = logits.map((run) => Float32Array.from(probabilitiesOf(run, kind) ?? [], Math.log));
    const factor = total(given) / total(logs);
    const fits = Number.isFinite(factor) && (kind === 'softmax' ? factor !== 0 : factor > 0);
    return fits ? [given.map((run) => run.map((x) => Math.exp(x / factor)))] : [];
  });
}

function asProbabilities(logits: Runs, given: Runs): Omit<Match, 'tensor'> | undefined {
  const width = logits[0]?.length ?? 0;
  const asked = given[0]?.length ?? 0;
  const columns = (sign: 1 | -1) =>
    Array.from({ length: width }, (_, of) => ({ of, factor: sign }));
  const sigmoid = logits.map((run) => probabilitiesOf(run, 'sigmoid'));
  if (width > 1) {
    const softmax = logits.map((run) => probabilitiesOf(run, 'softmax'));
    if (width === asked && near(softmax, given)) return { kind: 'softmax', columns: columns(1) };
    // One class’s probability alone: all of them are known.
    const alone = asked === 1 ? columns(1) : [];
    if (
      alone.some(({ of }) =>
        near(
          softmax.map((run) => run?.subarray(of, of + 1)),
          given,
        ),
      )
    )
      return { kind: 'softmax', columns: columns(1) };
  }
  const kind = width === 1 ? 'binary' : 'sigmoid';
  if (width === asked) {
    for (const sign of [1, -1] as const) {
      if (
        near(
          sigmoid.map((run) => run?.map(signed(sign))),
          given,
        )
      )
        return { kind, columns: columns(sign) };
    }
  }
  if (width === 1 && asked === 2) {
    for (const sign of [-1, 1] as const) {
      const sides = sigmoid.map((run) =>
        Float64Array.of(sign, -sign).map((own) => signed(own)(run?.[0] ?? 0)),
      );
      if (near(sides, given)) {
        return {
          kind,
          columns: [
            { of: 0, factor: sign },
            { of: 0, factor: -sign },
          ],
        };
      }
    }
  }
  return undefined;
}

/** σ(−x) = 1 − σ(x). */
function signed(sign: number): (probability: number) => number {
  return (probability) => (sign > 0 ? probability : 1 - probability);
}

function near(expected: readonly (Float64Array | undefined)[], given: Runs): boolean {
  return given.every((run, i) =>
    run.every((value, k) => Math.abs(value - (expected[i]?.[k] ?? NaN)) <= tolerance),
  );
}

export function rangeOf(given: Runs): Range {
  const several = (given[0]?.length ?? 0) > 1;
  const within = (runs: Runs, whole: number) =>
    runs.every((run) => run.every((x) => x >= -tolerance && x <= whole * (1 + tolerance)));
  const addsUp = (runs: Runs, whole: number) =>
    several &&
    within(runs, whole) &&
    runs.every((run) => Math.abs(run.reduce((a, b) => a + b, 0) / whole - 1) <= 1e-3);
  if (addsUp(given, 1)) return { kind: 'distribution', whole: 1 };
  if (addsUp(given, 100)) return { kind: 'distribution', whole: 100 };
  for (const base of [Math.E, 10, 2]) {
    for (const sign of [1, -1]) {
      const factor = sign * Math.log(base);
      const unlogged = given.map((run) => run.map((x) => Math.exp(x * factor)));
      if (addsUp(unlogged, 1)) return { kind: 'log-distribution', factor };
    }
  }
  return { kind: within(given, 1) ? 'shares' : 'other' };
}
