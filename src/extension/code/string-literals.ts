/** The strings of a line, in the quotes and with the prefixes that common languages share. */
import type { LineSyntax } from './line-syntax';
import { hasEscapes, withoutEscapes } from './string-escapes';

/** A string as it stands in the line. */
export interface StringLiteral {
  /** Undefined where parts of it are known only when the program runs. */
  readonly text: string | undefined;
  /** Columns with prefix and quotes; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  /** Columns of what is between the quotes. */
  readonly contentStart: number;
  readonly contentEnd: number;
}

/** What a name stands for, where the document says so once and for all. */
export type ConstantOf = (name: string) => string | undefined;

export const noConstants: ConstantOf = () => undefined;

/**
 * What stands between a quote and the next of its kind; a quote after a letter is an apostrophe. A
 * backslash is read in one way only, so that a quote without its other half takes no longer.
 */
export const quotedPattern =
  '(?<![\\w\\\\])[rbfu]{0,2}("""|\'\'\'|["\'`])(?:\\\\.|(?!\\1)[^\\\\\\n])*\\1';

/** From left to right. */
export function literalsIn(
  line: string,
  constantOf: ConstantOf,
  syntax: LineSyntax,
): readonly StringLiteral[] {
  return [...line.matchAll(new RegExp(quotedPattern, 'gi'))].map((match) => {
    const [whole, quote = ''] = match;
    const prefix = whole.slice(0, whole.indexOf(quote));
    const [start, end] = [match.index, match.index + whole.length];
    const [contentStart, contentEnd] = [start + prefix.length + quote.length, end - quote.length];
    const written = line.slice(contentStart, contentEnd);
    const content = hasEscapes(syntax, prefix, quote) ? withoutEscapes(written) : written;
    const text = interpolated(prefix, quote, content, constantOf);
    return { text, start, end, contentStart, contentEnd };
  });
}

/** `f"{ROOT}/cat.jpg"`, `` `${root}/cat.jpg` ``; undefined where a part is known only to the running program. */
function interpolated(
  prefix: string,
  quote: string,
  content: string,
  constantOf: ConstantOf,
): string | undefined {
  const part = '\\{\\s*(?:([\\p{L}_$][\\p{L}\\p{N}_$]*)|\'([^\']*)\'|"([^"]*)")\\s*\\}';
  const isPython = /f/i.test(prefix);
  if (!isPython && !(quote === '`' && content.includes('${'))) return content;
  const parts = new RegExp(isPython ? `\\{\\{|\\}\\}|${part}` : `\\$${part}`, 'gu');
  const text = content.replace(parts, (match: string, name?: string, ...rest: string[]) => {
    if (match === '{{' || match === '}}') return match.charAt(0);
    return (name === undefined ? (rest[0] ?? rest[1]) : constantOf(name)) ?? '\0';
  });
  const open = isPython ? content.replace(parts, '').includes('{') : text.includes('${');
  return open || text.includes('\0') ? undefined : text;
}
