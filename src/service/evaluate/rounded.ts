/** Figures as records keep them: six digits, which is what float32 runs can say. */

export function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

export function roundedAll(values: readonly number[]): number[] {
  return values.map(rounded);
}
