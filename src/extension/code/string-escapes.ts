/** What backslashes in strings stand for, where the language says so. */
import type { LineSyntax } from './line-syntax';

const escape = /\\(?:[0-7]{1,3}|x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[abfnrtv\\'"])/g;
const named: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** Escapes of Python, C and YAML; one that is none, as in `"C:\photos"`, is left as it is. */
export function withoutEscapes(content: string): string {
  return content.replace(escape, (written) => {
    const rest = written.slice(1);
    if (/^[0-7]/.test(rest)) return String.fromCodePoint(parseInt(rest, 8));
    if (!/^[xuU]/.test(rest)) return named[rest] ?? rest;
    const code = parseInt(rest.slice(1), 16);
    return code > 0x10ffff ? written : String.fromCodePoint(code);
  });
}

/**
 * Whether a string has escapes that are known for sure. Elsewhere a backslash may part folders: a
 * text of no certain language quotes `"C:\new\cat.jpg"` as it is.
 */
export function hasEscapes(syntax: LineSyntax, prefix: string, quote: string): boolean {
  if (syntax === 'yaml') return quote === '"';
  return (syntax === 'python' || syntax === 'c') && !/r/i.test(prefix);
}
