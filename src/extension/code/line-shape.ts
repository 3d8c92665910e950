/** What of a line decides whether the expression in it goes on in the lines around it. */
import { hasHashComments, joinsAdjacentStrings, type LineSyntax } from './line-syntax';
import { quotedPattern } from './string-literals';

export interface LineShape {
  /** The line with blanks for its comments; columns stay. */
  readonly code: string;
  /** The other way round: blanks for all but its comments. */
  readonly comment: string;
  /** Brackets that other lines open and close, from left to right: `)}` and `({`. */
  readonly closers: string;
  readonly openers: string;
  /** Blanks around it aside, and a text in three quotes, which is rather a comment. */
  readonly startsWithString: boolean;
  readonly endsWithString: boolean;
}

const comments = { hash: '#.*', slashes: '\\/\\*.*?(?:\\*\\/|$)|\\/\\/.*|(?<!\\S)#\\s.*' };
const bracket = '[()[\\]{}]';
const pieces = {
  hash: new RegExp(`${quotedPattern}|${comments.hash}|${bracket}`, 'gi'),
  slashes: new RegExp(`${quotedPattern}|${comments.slashes}|${bracket}`, 'gi'),
};

export function shapeOf(line: string, syntax: LineSyntax): LineShape {
  let [code, comment, closers, openers] = [line, '', '', ''];
  const strings: (readonly [start: number, end: number])[] = [];
  for (const match of line.matchAll(pieces[hasHashComments(syntax) ? 'hash' : 'slashes'])) {
    const [piece, quote] = match;
    const end = match.index + piece.length;
    if (quote !== undefined) {
      strings.push([match.index, end]);
    } else if (/^[([{]$/.test(piece)) {
      openers += piece;
    } else if (!/^[)\]}]$/.test(piece)) {
      code = code.slice(0, match.index) + ' '.repeat(piece.length) + code.slice(end);
      comment = comment.padEnd(match.index) + piece;
    } else if (openers === '') {
      closers += piece;
    } else {
      openers = openers.slice(0, -1);
    }
  }
  const start = code.length - code.trimStart().length;
  const end = code.trimEnd().length;
  return {
    code,
    comment,
    closers,
    openers,
    startsWithString: strings[0]?.[0] === start && !/^\s*\w{0,2}("""|''')/.test(code),
    endsWithString: strings.at(-1)?.[1] === end && !/("""|''')\s*$/.test(code),
  };
}

/** Whether what a line begins goes on in the next one, as far as operators and strings tell. */
export function goesOn(line: LineShape, next: LineShape, syntax: LineSyntax): boolean {
  const [left, right] = [line.code.trimEnd(), next.code.trimStart()];
  if (left === '' || right === '') return false;
  if (line.endsWithString && next.startsWithString) return joinsAdjacentStrings(syntax);
  return (
    /(?:[^+]\+|[^*/<]\/|[^=<>!]=|\\)$/.test(left) ||
    /^(?:\+[^+=]|\/[^/*>=]|\.[\p{L}_]|\+$|\/$)/u.test(right)
  );
}
