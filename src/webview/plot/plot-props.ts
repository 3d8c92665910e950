/** What a plot of curves shows. */

export interface PlotCurve {
  readonly name: string;
  /** One for each share. */
  readonly values: readonly number[];
}

export interface PlotProps {
  /** What the values are. */
  readonly title: string;
  /** 0 … 1, rising. */
  readonly shares: readonly number[];
  /** What the shares are of. */
  readonly shareName: string;
  /** In the order of their looks: full, broken, dotted … */
  readonly curves: readonly PlotCurve[];
  /** Two of the curves, by place: what lies between them is shaded. */
  readonly between?: readonly [number, number];
  readonly format: (value: number) => string;
}
