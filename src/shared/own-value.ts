/**
 * The entry of a table under a key that comes from a file of others; undefined where there is none, also
 * for `constructor`, `__proto__` and their like.
 */
export function ownValue<Value>(
  table: Readonly<Record<string, Value>>,
  key: string,
): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
