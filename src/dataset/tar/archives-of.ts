import path, { type PlatformPath } from 'node:path';
import { expand } from 'brace-expansion';

/** More archives than any dataset has. */
const mostArchives = 100_000;

/** The archives that a name with braces means, as shells and WebDataset read them; else the name alone. */
export function archivesOf(name: string, flavour: PlatformPath = path): readonly string[] {
  if (!/\{[^{}]*(?:\.\.|,)[^{}]*\}/.test(name)) return [name];
  // A backslash takes its meaning from the sign behind it; on Windows it stands between folders.
  const pattern = flavour.sep === '\\' ? name.replaceAll('\\', '/') : name;
  const named = new Set(expand(pattern, { max: mostArchives }));
  return pattern === name ? [...named] : [...named].map((one) => flavour.normalize(one));
}
