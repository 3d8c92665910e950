/** What has to be known of a language to read one line of it. */

/**
 * - `csv`, `yaml`: a path without quotes may hold blanks; nothing is put together.
 * - `python`: `#` begins a comment, and strings side by side are one string; Ruby is read alike.
 * - `shell`: `#` begins a comment.
 * - `c`: strings side by side are one string.
 * - `other`: all else, also texts; `//`, and `#` before a blank, begin a comment.
 */
export type LineSyntax = 'csv' | 'yaml' | 'python' | 'shell' | 'c' | 'other';

const byLanguage: readonly (readonly [LineSyntax, RegExp])[] = [
  ['csv', /csv|tsv/i],
  ['yaml', /yaml/],
  ['python', /^(python|starlark|bazel|ruby|crystal)$/],
  [
    'shell',
    /^(shellscript|fish|powershell|makefile|cmake|dockerfile|r|perl|julia|elixir|coffeescript|nim|toml)$/,
  ],
  ['c', /^(c|cpp|cuda-cpp|cuda|objective-cp?p?|d|dart)$/],
];

/** @param path of the document; a table is known by its ending where no language is registered */
export function syntaxOfLanguage(languageId: string, path: string): LineSyntax {
  if (/\.(csv|tsv)$/i.test(path)) return 'csv';
  return byLanguage.find(([, pattern]) => pattern.test(languageId))?.[0] ?? 'other';
}

/** Whether strings that stand side by side are one string. */
export function joinsAdjacentStrings(syntax: LineSyntax): boolean {
  return syntax === 'python' || syntax === 'c';
}

/** Whether `#` always begins a comment, and `//` never does. */
export function hasHashComments(syntax: LineSyntax): boolean {
  return syntax === 'python' || syntax === 'shell' || syntax === 'yaml';
}
