/** Where values lie along an axis, and which of them are written beside it. */

/** Values at the two ends of an axis, and those that are marked on it. */
export interface Scale {
  readonly low: number;
  readonly high: number;
  /** Rising, within the ends. */
  readonly ticks: readonly number[];
}

/** Ticks an axis has at least, but for the ends. */
const steps = 4;

/** An axis from 0, or below it, to a round number that no value exceeds. */
export function scaleOf(values: readonly number[]): Scale {
  const least = Math.min(0, ...values);
  // Where all are 0 there has to be an axis still.
  const most = Math.max(0, ...values) || (least < 0 ? 0 : 1);
  const step = roundStep((most - least) / steps);
  const low = Math.floor(least / step + tolerance) * step;
  const high = Math.max(0, Math.ceil(most / step - tolerance)) * step;
  const count = Math.round((high - low) / step);
  const ticks = Array.from({ length: count + 1 }, (_, at) => low + at * step);
  // Sums of steps leave digits that nobody wrote.
  return { low, high, ticks: ticks.map((tick) => Number(tick.toPrecision(10))) };
}

/** A value that only rounding puts beyond a tick needs no further one. */
const tolerance = 1e-9;

/** The next of 1, 2, 5 times a power of ten. */
function roundStep(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size));
  const digit = [1, 2, 5].find((one) => one * power >= size * (1 - tolerance)) ?? 10;
  return digit * power;
}

/** Where a value lies on an axis: 0 at its low end, 1 at its high one. */
export function placeOn({ low, high }: Pick<Scale, 'low' | 'high'>, value: number): number {
  return (value - low) / (high - low);
}

/** Which of some rising values is nearest to this one; 0 where there are none. */
export function nearest(values: readonly number[], wanted: number): number {
  let best = 0;
  values.forEach((value, at) => {
    if (Math.abs(value - wanted) < Math.abs((values[best] ?? Infinity) - wanted)) best = at;
  });
  return best;
}

/** Where a key takes the mark among so many points; undefined for keys that do not move it. */
export function stepTo(at: number, key: string, count: number): number | undefined {
  const to = moves[key]?.(at, count);
  return to === undefined ? undefined : Math.min(count - 1, Math.max(0, to));
}

const moves: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowLeft: (at) => at - 1,
  ArrowDown: (at) => at - 1,
  ArrowRight: (at) => at + 1,
  ArrowUp: (at) => at + 1,
  PageDown: (at, count) => at - Math.ceil(count / 8),
  PageUp: (at, count) => at + Math.ceil(count / 8),
  Home: () => 0,
  End: (_, count) => count - 1,
};
