/** What the parts of an expression come to as a path. */
import { isImagePath } from '../../shared/picture-endings';
import type { StringLiteral } from './string-literals';

/** What an expression comes to, as far as the text tells. */
export interface PathValue {
  readonly text: string | undefined;
  /** Something is known, but not what follows it: no later part can be placed. */
  readonly lost: boolean;
  /** All strings that it is made of, from left to right. */
  readonly literals: readonly StringLiteral[];
  readonly joined: boolean;
}

export const unknown: PathValue = { text: undefined, lost: false, literals: [], joined: false };

/** Calls whose result is the path that their receiver and their arguments make up, one below the other. */
const pathCalls =
  /^(join|joinpath|resolve|combine|(pure)?(posix|windows)?path|file_path|get|glob|absolute|abspath|realpath|expanduser|normpath|normalize|fspath|as_posix|str|string|tostring)$/i;
const homeCalls = /^(home|homedir)$/;

export function isPathCall(name: string): boolean {
  return pathCalls.test(name);
}

export function isHomeCall(name: string): boolean {
  return homeCalls.test(name);
}

export function literalValue(literal: StringLiteral): PathValue {
  const { text } = literal;
  return text === undefined ? unknown : { ...unknown, text, literals: [literal] };
}

export function isKnown({ text, lost }: PathValue): boolean {
  return text !== undefined || lost;
}

/** What something unknown makes of a value. */
export function afterwards(value: PathValue): PathValue {
  return isKnown(value) ? { ...unknown, lost: true } : unknown;
}

/** Whether nothing can be below it, because it is a picture already. */
export function isPicture({ text }: PathValue): boolean {
  return text !== undefined && isImagePath(text);
}

/** @param separator `/`, or nothing where the second follows the first as it is */
export function below(left: PathValue, right: PathValue, separator: '/' | ''): PathValue {
  const literals = [...left.literals, ...right.literals];
  const lost = left.lost || right.lost || (left.text !== undefined && right.text === undefined);
  const text = lost ? undefined : joinedText(left.text, right.text, separator);
  return { text, lost, literals, joined: true };
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
