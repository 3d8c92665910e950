/**
 * What two headers say otherwise, in the words of the first field that differs.
 *
 * @param names of the fields that count
 */
export function firstDifference<Header>(
  a: Header,
  b: Header,
  names: Readonly<Partial<Record<keyof Header & string, string>>>,
): string | undefined {
  const fields = Object.keys(names) as (keyof Header & string)[];
  const different = fields.find((field) => JSON.stringify(a[field]) !== JSON.stringify(b[field]));
  return different && names[different];
}
