/** The first of several names of a class that are divided by commas. */
export function shortName(classes: readonly string[], index: number): string {
  return classes[index]?.split(',', 1)[0] ?? `class ${index}`;
}
