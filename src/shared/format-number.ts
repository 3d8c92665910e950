/** Figures as a person reads them. */

const noBreakSpace = '\u00A0';

/** A share 0 … 1 in per cent: `64 %`, `0.3 %`, `< 0.1 %`. */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return `< 0.1${noBreakSpace}%`;
  const digits = percent < 9.95 && percent > 0 ? 1 : 0;
  return `${percent.toFixed(digits)}${noBreakSpace}%`;
}

/** How strongly a model answers: the probability, or the value of a model that gives values. */
export function formatStrength({
  probability,
  value,
}: {
  readonly probability?: number | undefined;
  readonly value?: number | undefined;
}): string {
  if (probability !== undefined) return formatShare(probability);
  return value === undefined ? '' : formatFigure(value);
}

/** An accuracy 0 … 1 in per cent: `74.2 %`, to tell two runs apart. */
export function formatAccuracy(accuracy: number): string {
  return `${(accuracy * 100).toFixed(1)}${noBreakSpace}%`;
}

/** The same for a terminal or a drawing: `93.1 %` with a plain space. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** With so many decimals, and a true minus sign where they leave anything of it. */
export function formatDecimals(value: number, decimals: number): string {
  const size = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(size) !== 0 ? `−${size}` : size;
}

/** A logit: two decimals, a true minus sign. */
export function formatLogit(logit: number): string {
  return formatDecimals(logit, 2);
}

/** A cosine, or another figure of about 1: three decimals, a true minus sign, `0.495`. */
export function formatThousandths(value: number): string {
  return formatDecimals(value, 3);
}

/** The same with its sign, for a difference: `+0.110`, `−0.014`. */
export function formatDifference(value: number): string {
  const text = formatThousandths(value);
  return text.startsWith('−') ? text : `+${text}`;
}

/** Three significant digits; very small and very large values with a power of ten, a true minus sign. */
export function formatFigure(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  const text =
    size < 1e-3 || size >= 1e5
      ? powerOfTen(size)
      : size >= 1000
        ? size.toFixed(0)
        : String(Number(size.toPrecision(3)));
  return value < 0 ? `−${text}` : text;
}

/**
 * All with as many decimals as the one that needs most, so that they stand in line; each as it is
 * where they are too far apart for the digits of a 32-bit float.
 */
export function formatFigures(values: readonly number[]): readonly string[] {
  const texts = values.map(formatFigure);
  const decimals = Math.max(0, ...texts.map((text) => text.split('.')[1]?.length ?? 0));
  const largest = Math.max(0, ...values.map(Math.abs));
  if (texts.some((text) => text.includes('·')) || largest >= 10 ** (6 - decimals)) return texts;
  return values.map((value) => formatDecimals(value, decimals));
}

function powerOfTen(size: number): string {
  const [digits = '', power = ''] = size.toExponential(2).split('e');
  const raised = power.replace('+', '').replace('-', '⁻').replace(/\d/g, superscript);
  return `${Number(digits)}${noBreakSpace}·${noBreakSpace}10${raised}`;
}

function superscript(digit: string): string {
  return '⁰¹²³⁴⁵⁶⁷⁸⁹'.charAt(Number(digit));
}

/** `0.84 s`, `12 s`, `85 ms`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 100) return `${milliseconds.toFixed(0)}${noBreakSpace}ms`;
  const seconds = milliseconds / 1000;
  return `${seconds.toFixed(seconds < 10 ? 2 : 0)}${noBreakSpace}s`;
}

/** `23 MB`, `1.2 GB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)}${noBreakSpace}kB`;
  return bytes < 1e9
    ? `${Math.round(bytes / 1e6)}${noBreakSpace}MB`
    : `${(bytes / 1e9).toFixed(1)}${noBreakSpace}GB`;
}
