/** The forms in which people write down the names of a model's classes. */
import * as v from 'valibot';

const indexToName = v.record(
  v.string(),
  v.union([v.string(), v.array(v.string()), v.pipe(v.number(), v.integer())]),
);
const nameToIndex = v.record(v.string(), v.pipe(v.number(), v.integer(), v.minValue(0)));
const entries = v.array(v.looseObject({ id: v.pipe(v.number(), v.integer()), name: v.string() }));
/** What some programs put a list into; the first two go from index to name, also where names are numbers. */
const wrapped = [
  'id2label',
  'idx_to_class',
  'label2id',
  'class_to_idx',
  'labels',
  'classes',
  'names',
];
const mostLabels = 1_000_000;
/** A file of another form has as many faults as entries, which nobody is told. */
const firstFault = { abortEarly: true } as const;

/**
 * Labels from parsed JSON: an array of names or of `{id, name}`; an object from index to name (or to
 * `[synset, name]`, the form of Keras's imagenet_class_index), or from name to index (`class_to_idx`,
 * `label2id`); or one of these under its usual name. Missing indices become `class 7`; names that
 * share an index are names of one class.
 *
 * @param fromIndex whether an object is known to go from index to name: both may be numbers
 * @returns undefined where the data has none of these forms, or more than a million classes
 */
export function labelsFromJson(data: unknown, fromIndex = false): readonly string[] | undefined {
  if (Array.isArray(data)) {
    const names = data as unknown[];
    if (names.length > mostLabels) return undefined;
    if (names.length > 0 && names.every((name) => typeof name === 'string')) return names;
    const found = v.safeParse(entries, data, firstFault);
    return found.success
      ? listed(found.output.map(({ id, name }) => [id, name] as const))
      : undefined;
  }
  const byName = v.safeParse(nameToIndex, data, firstFault);
  if (byName.success && !fromIndex)
    return listed(Object.entries(byName.output).map(([name, index]) => [index, name] as const));
  const byIndex = v.safeParse(indexToName, data, firstFault);
  if (byIndex.success && Object.keys(byIndex.output).every((key) => /^\d{1,6}$/.test(key))) {
    return listed(
      Object.entries(byIndex.output).map(([key, value]) => {
        const name = Array.isArray(value) ? (value.at(-1) ?? '') : String(value);
        return [Number(key), name] as const;
      }),
    );
  }
  const inside = v.safeParse(v.record(v.string(), v.unknown()), data);
  const key = inside.success ? wrapped.find((one) => one in inside.output) : undefined;
  return key !== undefined && inside.success
    ? labelsFromJson(inside.output[key], wrapped.indexOf(key) < 2)
    : undefined;
}

function listed(pairs: readonly (readonly [number, string])[]): readonly string[] | undefined {
  const names = new Map<number, string>();
  for (const [index, name] of pairs) {
    const other = names.get(index);
    names.set(index, other === undefined ? name : `${other}, ${name}`);
  }
  let count = 0;
  for (const index of names.keys()) count = Math.max(count, index + 1);
  return count === 0 || count > mostLabels
    ? undefined
    : Array.from({ length: count }, (_, index) => names.get(index) ?? `class ${index}`);
}

/**
 * One name a line. Indices before or behind the names (`0 tench`, `0: tench`, `tench,0`) are dropped
 * where every line has its own, whatever the order of the lines; so are lines that begin with `# `,
 * and quotation marks and commas where a list was pasted. An empty line in the middle is a class
 * without a name.
 *
 * @returns undefined where there is none, or more than a million
 */
export function labelsFromText(text: string): readonly string[] | undefined {
  const lines = text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => !/^#\s/.test(line));
  while (lines.at(-1) === '') lines.pop();
  const [only] = lines;
  if (only === undefined || lines.length > mostLabels) return undefined;
  const written = lines.length === 1 && only.includes(',') ? only.split(',') : lines;
  const names = pasted(written.map((name) => name.trim()));
  return (
    numbered(names, /^(?<index>\d+)\s*[:,;\t ]\s*(?<name>.+)$/) ??
    numbered(names, /^(?<name>.+?)\s*[:,;\t]\s*(?<index>\d+)$/) ??
    names.map((name, index) => (name === '' ? `class ${index}` : name))
  );
}

/** `'cat',` of each line is `cat`; the last one may lack the comma. */
function pasted(names: readonly string[]): readonly string[] {
  const bare = names.every((name, at) => name.endsWith(',') || at === names.length - 1)
    ? names.map((name) => name.replace(/,$/, ''))
    : names;
  return bare.every((name) => /^(["']).*\1$/.test(name))
    ? bare.map((name) => name.slice(1, -1))
    : bare;
}

/** In the order of the indices, where they are those from 0 to the last, each once, or from 1 in turn. */
function numbered(names: readonly string[], form: RegExp): readonly string[] | undefined {
  const pairs = names.map((name) => form.exec(name)?.groups);
  const byIndex = new Map(pairs.map((pair) => [Number(pair?.index), pair?.name ?? '']));
  const isWhole = pairs.every((pair, at) => pair !== undefined && byIndex.has(at));
  if (isWhole) return names.map((_, at) => byIndex.get(at) ?? '');
  return pairs.every((pair, at) => Number(pair?.index) === at + 1)
    ? pairs.map((pair) => pair?.name ?? '')
    : undefined;
}
