import { expand } from 'brace-expansion';

/** More archives than any dataset has. */
const mostArchives = 100_000;

/** The archives that a name with braces means, as shells and WebDataset read them; else the name alone. */
export function archivesOf(name: string): readonly string[] {
  return /\{[^{}]*(?:\.\.|,)[^{}]*\}/.test(name)
    ? [...new Set(expand(name, { max: mostArchives }))]
    : [name];
}
