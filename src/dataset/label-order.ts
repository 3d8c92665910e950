/** The orders in which libraries number the folders of a dataset. */

/** As Python sorts text: code point by code point, whatever the language. */
export function byCodePoints(a: string, b: string): number {
  const [one, other] = [Array.from(a), Array.from(b)];
  for (const [at, character] of one.entries()) {
    const difference = (character.codePointAt(0) ?? 0) - (other[at]?.codePointAt(0) ?? -1);
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}

/** Numbers within the text by their value, the rest as text in lower case (timm's `natural_key`). */
export function byNumbersWithin(a: string, b: string): number {
  const [one, other] = [partsOf(a), partsOf(b)];
  for (const [at, part] of one.entries()) {
    const against = other[at];
    if (against === undefined) return 1;
    // Text and numbers take turns, so that both are of one kind here.
    const difference = at % 2 === 1 ? Number(part) - Number(against) : byCodePoints(part, against);
    if (difference !== 0) return difference;
  }
  return one.length - other.length || byCodePoints(a, b);
}

function partsOf(label: string): readonly string[] {
  return label.toLowerCase().split(/(\d+)/);
}
