/** Finding a class by its name or number among many. */

export interface ClassMatch {
  readonly index: number;
  readonly label: string;
}

/**
 * The best matches: the class of that number, then names that begin with the words typed, then
 * names with a word that begins so, then names that contain them. A model without names is asked by number.
 */
export function searchClasses(
  labels: readonly string[],
  typed: string,
  most: number,
): readonly ClassMatch[] {
  const wanted = typed.trim().toLocaleLowerCase();
  if (wanted === '') return labels.slice(0, most).map((label, index) => ({ index, label }));
  const number = /^\d+$/.test(wanted) ? Number(wanted) : undefined;
  if (number !== undefined && labels.length === 0)
    return [{ index: number, label: `Class ${number}` }];
  return labels
    .map((label, index) => ({ index, label, rank: index === number ? 0 : rank(label, wanted) }))
    .filter((match) => match.rank < noMatch)
    .sort((a, b) => a.rank - b.rank || a.label.length - b.label.length || a.index - b.index)
    .slice(0, most)
    .map(({ index, label }) => ({ index, label }));
}

const noMatch = 4;

function rank(label: string, wanted: string): number {
  const name = label.toLocaleLowerCase();
  if (name.startsWith(wanted)) return 1;
  if (name.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(wanted))) return 2;
  return name.includes(wanted) ? 3 : noMatch;
}
