const trainNames = new Set(['train', 'training']);
const valNames = new Set(['val', 'valid', 'validation', 'test']);

/** The part of a dataset that a folder or a column names; undefined for any other word. */
export function splitOf(name: string | undefined): 'train' | 'val' | undefined {
  if (name === undefined) return undefined;
  const word = name.trim().toLowerCase();
  return trainNames.has(word) ? 'train' : valNames.has(word) ? 'val' : undefined;
}
