/** Paths that code puts together, in one line or over several, as formatters write long calls. */
import type { CodeLines } from './code-lines';
import { tokensOf, type Token } from './code-tokens';
import { ExpressionReader } from './expression-reader';
import { joinsAdjacentStrings } from './line-syntax';
import { literalsIn, type ConstantOf, type StringLiteral } from './string-literals';

export interface JoinedPath {
  /**
   * From the first part that is known on; undefined where one after it is not, and where the last
   * part stands in another line.
   */
  readonly path: string | undefined;
  /** The strings of the line that it is made of; on their own they are no paths. */
  readonly literals: readonly StringLiteral[];
}

/** Those with a part in the line. What a comment says is read for itself. */
export function joinedPaths(
  code: CodeLines,
  line: number,
  constantOf: ConstantOf,
): readonly JoinedPath[] {
  const tokensAt = (at: number): readonly Token[] => lineTokens(code, code.codeAt(at), constantOf);
  const own = tokensAt(line);
  const comment = lineTokens(code, code.commentAt(line), constantOf);
  const { first, last } = code.expressionAround(line);
  const around = Array.from({ length: last - first + 1 }, (_, at) =>
    first + at === line ? own : tokensAt(first + at),
  ).flat();
  return [...pathsOf(around, own), ...pathsOf(comment, comment)];

  function pathsOf(tokens: readonly Token[], shown: readonly Token[]): readonly JoinedPath[] {
    const ofLine = new Set(shown.map(({ literal }) => literal));
    const reader = new ExpressionReader(tokens, joinsAdjacentStrings(code.syntax), constantOf);
    while (!reader.done) reader.values().forEach((value) => reader.emit(value));
    return reader.found.flatMap(({ text, lost, literals }) => {
      const inLine = literals.filter((literal) => ofLine.has(literal));
      const endsHere = inLine.at(-1) === literals.at(-1);
      if (inLine.length === 0) return [];
      return [{ path: lost || !endsHere ? undefined : text, literals: inLine }];
    });
  }
}

/**
 * The path that the right side of an assignment comes to; it may go on in further lines.
 *
 * @param column where it begins
 * @param name what is assigned to; none that depends on itself has one value
 */
export function assignedPath(
  code: CodeLines,
  line: number,
  column: number,
  name: string,
  constantOf: ConstantOf,
): string | undefined {
  const { last } = code.expressionAround(line);
  const tokens = Array.from({ length: last - line + 1 }, (_, at) => {
    const text = code.codeAt(line + at);
    return lineTokens(code, at === 0 ? text.slice(column) : text, constantOf);
  }).flat();
  if (tokens.some(({ sign }) => sign === name)) return undefined;
  const reader = new ExpressionReader(tokens, joinsAdjacentStrings(code.syntax), constantOf);
  const [value, more] = reader.values();
  return more === undefined && reader.done && value?.lost === false ? value.text : undefined;
}

function lineTokens({ syntax }: CodeLines, text: string, constantOf: ConstantOf): readonly Token[] {
  return tokensOf(text, literalsIn(text, constantOf, syntax));
}
