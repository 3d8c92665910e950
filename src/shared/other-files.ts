/** What lies among the pictures of a dataset and is none by its name. */
import { endingOf } from './picture-endings';

/** How many files have each ending, as `heic`; the empty one is that of files without any. */
export type CountByEnding = Readonly<Record<string, number>>;

/** In the order of the endings. */
export function countByEnding(names: readonly string[]): CountByEnding {
  const counts = new Map<string, number>();
  for (const name of names) {
    const ending = endingOf(name);
    counts.set(ending, (counts.get(ending) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** `3 .heic, 1 .txt and 2 files without an ending are not read as pictures.`; undefined for none. */
export function otherFilesSentence(counts: CountByEnding): string | undefined {
  const parts = Object.entries(counts).map(([ending, count]) =>
    ending === ''
      ? `${count} ${count === 1 ? 'file' : 'files'} without an ending`
      : `${count} .${ending}`,
  );
  const last = parts.pop();
  if (last === undefined) return undefined;
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const all = parts.length === 0 ? last : `${parts.join(', ')} and ${last}`;
  return `${all} ${total === 1 ? 'is' : 'are'} not read as ${total === 1 ? 'a picture' : 'pictures'}.`;
}
