/**
 * Paths that one line puts together: `os.path.join(ROOT, "a", "b.jpg")`, `Path("a") / "b.jpg"`,
 * `"a/" + "b.jpg"`. Not the grammar of any language: calls, attributes, `/`, `+` and brackets are
 * read alike in all, and what is none of these is stepped over.
 */
import { isImagePath } from '../image-formats';

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

export interface JoinedPath {
  /** From the first part that is known on; undefined where one after it is not. */
  readonly path: string | undefined;
  /** All strings that it is made of; on their own they are no paths. */
  readonly literals: readonly StringLiteral[];
}

/** What a name stands for, where the document says so once and for all. */
export type ConstantOf = (name: string) => string | undefined;

/** What an expression comes to, as far as the line tells. */
interface Value {
  readonly text: string | undefined;
  /** Something is known, but not what follows it: no later part can be placed. */
  readonly lost: boolean;
  readonly literals: readonly StringLiteral[];
  readonly joined: boolean;
}

interface Token {
  readonly sign: string;
  readonly literal?: StringLiteral;
}

const unknown: Value = { text: undefined, lost: false, literals: [], joined: false };
const lost: Value = { ...unknown, lost: true };

/** Calls whose result is the path that their receiver and their arguments make up, one below the other. */
const pathCalls =
  /^(join|joinpath|resolve|combine|(pure)?(posix|windows)?path|file_path|get|glob|absolute|abspath|realpath|expanduser|normpath|normalize|fspath|as_posix|str|string|tostring)$/i;
const homeCalls = /^(home|homedir)$/;
const tokenPattern = /[\p{L}_$][\p{L}\p{N}_$]*|\S/gu;
const deepest = 40;

/** @param literals all strings of the line, from left to right */
export function joinedPaths(
  line: string,
  literals: readonly StringLiteral[],
  constantOf: ConstantOf,
): readonly JoinedPath[] {
  const reader = new Reader(tokensOf(line, literals), constantOf);
  while (!reader.done) reader.values(0).forEach((value) => reader.emit(value));
  return reader.found;
}

/** The path that a whole text comes to, e.g. the right side of an assignment. */
export function pathValue(
  text: string,
  literals: readonly StringLiteral[],
  constantOf: ConstantOf,
): string | undefined {
  const reader = new Reader(tokensOf(text, literals), constantOf);
  const [value, more] = reader.values(0);
  return more === undefined && reader.done && value?.lost === false ? value.text : undefined;
}

function tokensOf(line: string, literals: readonly StringLiteral[]): readonly Token[] {
  const tokens: Token[] = [];
  let from = 0;
  const plain = (to: number): void => {
    for (const [sign] of line.slice(from, to).matchAll(tokenPattern)) tokens.push({ sign });
  };
  for (const literal of literals) {
    plain(literal.start);
    tokens.push({ sign: '"', literal });
    from = literal.end;
  }
  plain(line.length);
  return tokens;
}

class Reader {
  readonly found: JoinedPath[] = [];
  #at = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly constantOf: ConstantOf,
  ) {}

  get done(): boolean {
    return this.#at >= this.tokens.length;
  }

  /** What is divided by commas, up to and with a closing bracket or to the end of the line. */
  values(depth: number): readonly Value[] {
    const values: Value[] = [];
    let only: Value | undefined;
    let isMore = false;
    const close = (): void => {
      if (isMore) values.push(unknown);
      else if (only !== undefined) values.push(only);
      only = undefined;
      isMore = false;
    };
    while (!this.done) {
      const sign = this.#sign;
      if (/^[)\]}]$/.test(sign)) {
        this.#at += 1;
        break;
      }
      if (/^[,;]$/.test(sign)) {
        this.#at += 1;
        close();
        continue;
      }
      const value = this.#expression(depth);
      if (value !== undefined && only === undefined && !isMore) {
        only = value;
        continue;
      }
      // More than one expression, e.g. `"a" if x else "b"`: each may be a path of its own.
      for (const part of [only, value]) if (part !== undefined) this.emit(part);
      only = undefined;
      isMore = true;
      if (value === undefined) this.#skip(depth);
    }
    close();
    return values;
  }

  emit({ text, lost: isLost, literals, joined }: Value): void {
    if (joined && literals.length > 0)
      this.found.push({ path: isLost ? undefined : text, literals });
  }

  get #sign(): string {
    return this.tokens[this.#at]?.sign ?? '';
  }

  #skip(depth: number): void {
    const isOpening = /^[([{]$/.test(this.#sign);
    this.#at += 1;
    if (isOpening && depth < deepest) this.values(depth + 1).forEach((value) => this.emit(value));
  }

  #expression(depth: number): Value | undefined {
    let left = this.#operand(depth);
    while (left !== undefined && /^[/+]$/.test(this.#sign)) {
      const operator = this.#at;
      const separator = this.#sign === '/' ? '/' : '';
      this.#at += 1;
      const right = this.#operand(depth);
      if (right === undefined) {
        this.#at = operator; // a comment, or the end of a tag
        break;
      }
      left = this.#below(left, right, separator);
    }
    return left;
  }

  #operand(depth: number): Value | undefined {
    const token = this.tokens[this.#at];
    if (token === undefined || depth > deepest) return undefined;
    if (token.literal !== undefined) {
      this.#at += 1;
      const { text } = token.literal;
      const value = text === undefined ? unknown : { ...unknown, text, literals: [token.literal] };
      return this.#suffixes(value, '', depth);
    }
    if (token.sign === '(') {
      this.#at += 1;
      const values = this.values(depth + 1);
      const [only] = values;
      if (values.length > 1) values.forEach((value) => this.emit(value));
      return this.#suffixes(values.length === 1 && only !== undefined ? only : unknown, '', depth);
    }
    if (!/^[\p{L}_$]/u.test(token.sign)) return undefined;
    this.#at += 1;
    const isAlone = !/^[.([]$/.test(this.#sign) || this.#startsPathCall();
    const text = isAlone ? this.constantOf(token.sign) : undefined;
    return this.#suffixes({ ...unknown, text }, token.sign, depth);
  }

  /** Whether `.joinpath(` or the like follows. */
  #startsPathCall(): boolean {
    const [dot, name, bracket] = this.tokens.slice(this.#at, this.#at + 3);
    return dot?.sign === '.' && bracket?.sign === '(' && pathCalls.test(name?.sign ?? '');
  }

  #suffixes(value: Value, name: string, depth: number): Value {
    let [of, called] = [value, name];
    for (;;) {
      const sign = this.#sign;
      if (sign === '.' && /^[\p{L}_$]/u.test(this.tokens[this.#at + 1]?.sign ?? '')) {
        called = this.tokens[this.#at + 1]?.sign ?? '';
        this.#at += 2;
        if (this.#sign !== '(') of = this.#lose(of);
      } else if (sign === '(' && called !== '') {
        this.#at += 1;
        of = this.#call(of, called, this.values(depth + 1));
        called = '';
      } else if (sign === '[') {
        this.#skip(depth);
        of = this.#lose(of);
      } else {
        return of;
      }
    }
  }

  #call(of: Value, name: string, given: readonly Value[]): Value {
    const known = of.text !== undefined || of.lost;
    if (homeCalls.test(name) && !known && given.length === 0) return { ...unknown, text: '~' };
    if (!pathCalls.test(name)) {
      given.forEach((value) => this.emit(value));
      return this.#lose(of);
    }
    const [first = unknown, ...others] = known ? [of, ...given] : given;
    return others.reduce((left, right) => this.#below(left, right, '/'), {
      ...first,
      joined: true,
    });
  }

  /** What comes of it cannot be told; what it was is a path of its own. */
  #lose(value: Value): Value {
    this.emit(value);
    return value.text === undefined && !value.lost ? unknown : lost;
  }

  #below(left: Value, right: Value, separator: string): Value {
    if (left.text !== undefined && isImagePath(left.text)) {
      this.emit(left); // a picture: nothing is below it
      return right;
    }
    const literals = [...left.literals, ...right.literals];
    const isLost = left.lost || right.lost || (left.text !== undefined && right.text === undefined);
    const text = isLost ? undefined : joinedText(left.text, right.text, separator);
    return { text, lost: isLost, literals, joined: true };
  }
}

/** An absolute path leaves what is before it, as it does in Python. */
function joinedText(
  left: string | undefined,
  right: string | undefined,
  separator: string,
): string | undefined {
  if (left === undefined || right === undefined) return right;
  if (separator === '') return left + right;
  return /^(?:[/~]|[a-z]:[\\/])/i.test(right) ? right : `${left.replace(/[\\/]+$/, '')}/${right}`;
}
