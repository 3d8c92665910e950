/** What a bench measured. */
export interface Figure {
  readonly name: string;
  readonly value: number | undefined;
  readonly unit: string;
  /** What it should stay below. */
  readonly aim?: number;
}

export function figure(
  name: string,
  value: number | undefined,
  unit: string,
  aim?: number,
): Figure {
  return { name, value, unit, ...(aim !== undefined && { aim }) };
}

/** A table of what was measured, with what was aimed at. */
export function inWords(figures: readonly Figure[]): string {
  return figures
    .map(({ name, value, unit, aim }) => {
      const digits = unit === '×' ? 2 : unit === 'ms' || unit === '' ? 0 : 1;
      const measured = value === undefined ? 'not measured' : `${value.toFixed(digits)} ${unit}`;
      const aimed = aim === undefined ? '' : `   (aim: below ${aim} ${unit})`;
      return `${name.padEnd(56)} ${measured.padStart(12)}${aimed}`;
    })
    .join('\n');
}
