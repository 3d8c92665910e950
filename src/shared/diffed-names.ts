/** What the title of a diff view's tab says of the two files that it shows. */

interface NamedFile {
  readonly name: string;
  /** What stands behind it in brackets: a commit, or a word. */
  readonly version: string | undefined;
}

interface DiffedNames {
  /** Undefined where the title is of one file: then it is its version in git before that of now. */
  readonly before: NamedFile | undefined;
  readonly now: NamedFile;
}

/**
 * Titles as git and the explorer write them: `a.png (Working Tree)`, `a.png (1f2e3d4) ↔ a.png (5a6b7c8)`,
 * `a.png ↔ b.png`.
 * @returns undefined for the title of a file that is no diff
 */
export function diffedNames(title: string): DiffedNames | undefined {
  const sides = title.split(' ↔ ').map(named);
  const [first, second] = sides;
  if (first === undefined || sides.length > 2) return undefined;
  if (second !== undefined) return { before: first, now: second };
  return first.version === undefined ? undefined : { before: undefined, now: first };
}

function named(side: string): NamedFile {
  const [, name = side, version] = /^(.*\.\w+) \(([^()]*)\)$/.exec(side) ?? [];
  return { name, version };
}
