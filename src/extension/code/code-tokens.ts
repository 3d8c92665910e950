/** The words, signs and strings of lines of code; how the lines are divided no longer counts. */
import type { StringLiteral } from './string-literals';

export interface Token {
  /** A word as it is, any other sign alone, `"` for a string. */
  readonly sign: string;
  readonly literal?: StringLiteral;
}

/** No backslash, which says only that the line goes on. */
const wordOrSign = /[\p{L}_$][\p{L}\p{N}_$]*|[^\s\\]/gu;

/** @param literals all strings of the line, from left to right */
export function tokensOf(line: string, literals: readonly StringLiteral[]): readonly Token[] {
  const tokens: Token[] = [];
  let from = 0;
  const plain = (to: number): void => {
    for (const [sign] of line.slice(from, to).matchAll(wordOrSign)) tokens.push({ sign });
  };
  for (const literal of literals) {
    plain(literal.start);
    tokens.push({ sign: '"', literal });
    from = literal.end;
  }
  plain(line.length);
  return tokens;
}

export function isName(token: Token | undefined): token is Token {
  return token !== undefined && /^[\p{L}_$]/u.test(token.sign);
}
