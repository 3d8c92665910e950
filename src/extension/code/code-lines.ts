/** The lines of a text, and which of them one expression runs over. Each line is read when it is asked for. */
import { goesOn, shapeOf, type LineShape } from './line-shape';
import type { LineSyntax } from './line-syntax';

export interface LineRange {
  readonly first: number;
  /** Inclusive. */
  readonly last: number;
}

/** So far an expression is followed; what is longer is a list of data rather than one path. */
const mostLines = 60;
const longestLine = 500;
const mostCharacters = 10_000;

export class CodeLines {
  private readonly shapes = new Map<number, LineShape | undefined>();

  constructor(
    readonly count: number,
    readonly textAt: (line: number) => string,
    readonly syntax: LineSyntax,
  ) {}

  static of(text: string, syntax: LineSyntax): CodeLines {
    const lines = text.split(/\r?\n/);
    return new CodeLines(lines.length, (line) => lines[line] ?? '', syntax);
  }

  /** The line without its comments; columns stay. */
  codeAt(line: number): string {
    return this.wholeShapeAt(line).code;
  }

  /** Only its comments; columns stay. */
  commentAt(line: number): string {
    return this.wholeShapeAt(line).comment;
  }

  /**
   * The lines around one that are read with it: as long as round brackets are open or an operator
   * says that more comes. Square and curly ones hold values that stand for themselves.
   */
  expressionAround(line: number): LineRange {
    let range: LineRange = { first: line, last: line };
    let wider = this.completed(range);
    while (wider !== undefined) {
      range = wider;
      const opening = this.openingAbove(range.first);
      wider = opening === undefined ? undefined : this.completed({ ...range, first: opening });
    }
    return range;
  }

  /** Whether a bracket is open where the line begins. */
  isInBrackets(line: number): boolean {
    return this.openingAbove(line) !== undefined;
  }

  private wholeShapeAt(line: number): LineShape {
    return this.shapeAt(line) ?? shapeOf(this.textAt(line), this.syntax);
  }

  /** Undefined beyond the text, and for lines that nobody wrote by hand. */
  private shapeAt(line: number): LineShape | undefined {
    if (line < 0 || line >= this.count) return undefined;
    if (!this.shapes.has(line)) {
      const text = this.textAt(line);
      const shape = text.length > longestLine ? undefined : shapeOf(text, this.syntax);
      this.shapes.set(line, shape);
    }
    return this.shapes.get(line);
  }

  /** Grown until its brackets and operators have both sides; undefined where that is too far. */
  private completed({ first, last }: LineRange): LineRange | undefined {
    while (last - first < mostLines) {
      const brackets = this.bracketsOf(first, last);
      if (brackets === undefined) return undefined;
      if (brackets.closers.startsWith(')') || this.goesOnAfter(first - 1)) first -= 1;
      else if (brackets.openers.endsWith('(') || this.goesOnAfter(last)) last += 1;
      else return { first, last };
    }
    return undefined;
  }

  /** Those that have no other half in the lines. */
  private bracketsOf(
    first: number,
    last: number,
  ): Pick<LineShape, 'closers' | 'openers'> | undefined {
    let [closers, openers, characters] = ['', '', 0];
    for (let line = first; line <= last; line += 1) {
      const shape = this.shapeAt(line);
      characters += shape?.code.length ?? 0;
      if (shape === undefined || characters > mostCharacters) return undefined;
      closers += shape.closers.slice(openers.length);
      openers = openers.slice(0, Math.max(0, openers.length - shape.closers.length));
      openers += shape.openers;
    }
    return { closers, openers };
  }

  private goesOnAfter(line: number): boolean {
    const [shape, next] = [this.shapeAt(line), this.shapeAt(line + 1)];
    return shape !== undefined && next !== undefined && goesOn(shape, next, this.syntax);
  }

  /** The line that opens the innermost bracket around another one, where it is a round one. */
  private openingAbove(line: number): number | undefined {
    let closed = this.shapeAt(line)?.closers.length ?? 0;
    for (let above = line - 1; above >= line - mostLines; above -= 1) {
      const shape = this.shapeAt(above);
      if (shape === undefined) return undefined;
      if (shape.openers.length > closed)
        return shape.openers.at(-1 - closed) === '(' ? above : undefined;
      closed += shape.closers.length - shape.openers.length;
    }
    return undefined;
  }
}
