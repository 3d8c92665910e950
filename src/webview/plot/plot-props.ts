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
  /** What the shares are of, or what they are. */
  readonly shareName: string;
  /** A share as a person reads it; left out: `12 %` of `shareName`. */
  readonly shareInWords?: (share: number) => string;
  /** In the order of their looks: full, broken, dotted … */
  readonly curves: readonly PlotCurve[];
  /** Two of the curves, by place: what lies between them is shaded. */
  readonly between?: readonly [number, number];
  readonly format: (value: number) => string;
  /** What the table has besides: one for each share. */
  readonly counts?: PlotCurve;
}
