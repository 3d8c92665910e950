/**
 * Reads what code puts together: `os.path.join(ROOT, "a", "b.jpg")`, `Path("a") / "b.jpg"`,
 * `"a/" + "b.jpg"`. Not the grammar of any language: calls, attributes, `/`, `+` and brackets are
 * read alike in all, and what is none of these is stepped over.
 */
import { isName, type Token } from './code-tokens';
import {
  afterwards,
  below,
  isHomeCall,
  isKnown,
  isPathCall,
  isPicture,
  literalValue,
  unknown,
  type PathValue,
} from './path-value';
import type { ConstantOf } from './string-literals';

const deepest = 40;

export class ExpressionReader {
  /** What was put together of strings, and is a path of its own. */
  readonly found: PathValue[] = [];
  private at = 0;

  /** @param joinsStrings whether strings side by side are one string */
  constructor(
    private readonly tokens: readonly Token[],
    private readonly joinsStrings: boolean,
    private readonly constantOf: ConstantOf,
  ) {}

  get done(): boolean {
    return this.at >= this.tokens.length;
  }

  /** What is divided by commas, up to and with a closing bracket or to the end. */
  values(depth = 0): readonly PathValue[] {
    const values: PathValue[] = [];
    let only: PathValue | undefined;
    let isMore = false;
    const close = (): void => {
      if (isMore) values.push(unknown);
      else if (only !== undefined) values.push(only);
      only = undefined;
      isMore = false;
    };
    while (!this.done) {
      const sign = this.sign;
      if (/^[)\]}]$/.test(sign)) {
        this.at += 1;
        break;
      }
      if (/^[,;]$/.test(sign)) {
        this.at += 1;
        close();
        continue;
      }
      const value = this.expression(depth);
      if (value !== undefined && only === undefined && !isMore) {
        only = value;
        continue;
      }
      // More than one expression, e.g. `"a" if x else "b"`: each may be a path of its own.
      for (const part of [only, value]) if (part !== undefined) this.emit(part);
      only = undefined;
      isMore = true;
      if (value === undefined) this.skip(depth);
    }
    close();
    return values;
  }

  emit(value: PathValue): void {
    if (value.joined && value.literals.length > 0) this.found.push(value);
  }

  private get sign(): string {
    return this.tokens[this.at]?.sign ?? '';
  }

  private skip(depth: number): void {
    const isOpening = /^[([{]$/.test(this.sign);
    this.at += 1;
    if (isOpening && depth < deepest) this.values(depth + 1).forEach((value) => this.emit(value));
  }

  private expression(depth: number): PathValue | undefined {
    let left = this.operand(depth);
    while (left !== undefined && /^[/+]$/.test(this.sign)) {
      const operator = this.at;
      const separator = this.sign === '/' ? '/' : '';
      this.at += 1;
      const right = this.operand(depth);
      if (right === undefined) {
        this.at = operator; // the end of a tag
        break;
      }
      left = this.below(left, right, separator);
    }
    return left;
  }

  private operand(depth: number): PathValue | undefined {
    const token = this.tokens[this.at];
    if (token === undefined || depth > deepest) return undefined;
    if (token.literal !== undefined) return this.suffixes(this.strings(), '', depth);
    if (token.sign === '(') {
      this.at += 1;
      const values = this.values(depth + 1);
      const [only] = values;
      if (values.length > 1) values.forEach((value) => this.emit(value));
      return this.suffixes(values.length === 1 && only !== undefined ? only : unknown, '', depth);
    }
    if (!isName(token)) return undefined;
    this.at += 1;
    const isAlone = !/^[.([]$/.test(this.sign) || this.startsPathCall();
    const text = isAlone ? this.constantOf(token.sign) : undefined;
    return this.suffixes({ ...unknown, text }, token.sign, depth);
  }

  /** One string, or several side by side. */
  private strings(): PathValue {
    let value: PathValue | undefined;
    for (;;) {
      const literal = this.tokens[this.at]?.literal;
      if (literal === undefined || (value !== undefined && !this.joinsStrings))
        return value ?? unknown;
      this.at += 1;
      const next = literalValue(literal);
      value = value === undefined ? next : this.below(value, next, '');
    }
  }

  /** Whether `.joinpath(` or the like follows. */
  private startsPathCall(): boolean {
    const [dot, name, bracket] = this.tokens.slice(this.at, this.at + 3);
    return dot?.sign === '.' && bracket?.sign === '(' && isPathCall(name?.sign ?? '');
  }

  private suffixes(value: PathValue, name: string, depth: number): PathValue {
    let [of, called] = [value, name];
    for (;;) {
      const sign = this.sign;
      const next = this.tokens[this.at + 1];
      if (sign === '.' && isName(next)) {
        called = next.sign;
        this.at += 2;
        if (this.sign !== '(') of = this.lose(of);
      } else if (sign === '(' && called !== '') {
        this.at += 1;
        of = this.call(of, called, this.values(depth + 1));
        called = '';
      } else if (sign === '[') {
        this.skip(depth);
        of = this.lose(of);
      } else {
        return of;
      }
    }
  }

  private call(of: PathValue, name: string, given: readonly PathValue[]): PathValue {
    const known = isKnown(of);
    if (isHomeCall(name) && !known && given.length === 0) return { ...unknown, text: '~' };
    if (!isPathCall(name)) {
      given.forEach((value) => this.emit(value));
      return this.lose(of);
    }
    const [first = unknown, ...others] = known ? [of, ...given] : given;
    return others.reduce((left, right) => this.below(left, right, '/'), {
      ...first,
      joined: true,
    });
  }

  /** What comes of it cannot be told; what it was is a path of its own. */
  private lose(value: PathValue): PathValue {
    this.emit(value);
    return afterwards(value);
  }

  private below(left: PathValue, right: PathValue, separator: '/' | ''): PathValue {
    if (!isPicture(left)) return below(left, right, separator);
    this.emit(left); // nothing is below it
    return right;
  }
}
