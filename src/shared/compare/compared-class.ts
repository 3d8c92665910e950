/** Which class a map of a comparison is of, as a short text: it stands in lists beside methods, models and pictures. */
import * as v from 'valibot';

export type ComparedClass =
  /** The model's own answer: from 1, the most probable first. */
  | { readonly kind: 'ranked'; readonly rank: number }
  /** The class of this number. */
  | { readonly kind: 'named'; readonly index: number }
  /** Why the one, and not the other. */
  | { readonly kind: 'contrast'; readonly index: number; readonly against: number };

const form = /^(?:top:([1-9]\d{0,5})|class:(\d{1,7})(?:-(\d{1,7}))?)$/;

export const classKeySchema = v.pipe(v.string(), v.regex(form));

export function classKey(compared: ComparedClass): string {
  switch (compared.kind) {
    case 'ranked':
      return `top:${compared.rank}`;
    case 'named':
      return `class:${compared.index}`;
    case 'contrast':
      return `class:${compared.index}-${compared.against}`;
  }
}

/** @throws RangeError for a text that `classKey` does not give */
export function classOfKey(key: string): ComparedClass {
  const match = form.exec(key);
  if (match === null) throw new RangeError(`“${key}” names no class of a comparison.`);
  const [, rank, index, against] = match;
  if (rank !== undefined) return { kind: 'ranked', rank: Number(rank) };
  if (against === undefined) return { kind: 'named', index: Number(index) };
  return { kind: 'contrast', index: Number(index), against: Number(against) };
}

/**
 * The class of one model that is meant by a class of another: the one of the same name; of the same
 * number where either has no names. Undefined where there is none.
 */
export function sameClass(
  index: number,
  of: readonly string[],
  among: readonly string[],
): number | undefined {
  if (of === among || of.length === 0 || among.length === 0) return index;
  const name = of[index];
  if (name === undefined) return undefined;
  if (among[index] === name) return index;
  const at = among.findIndex((other) => firstName(other) === firstName(name));
  return at < 0 ? undefined : at;
}

function firstName(label: string): string {
  return (label.split(',', 1)[0] ?? '').trim().toLocaleLowerCase();
}
