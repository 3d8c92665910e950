/** Finds classes by their names, however a dataset writes them. */
import imagenetNames from '../../models/labels/imagenet-1k.json';
import imagenetSynsets from '../../models/labels/imagenet1k-synsets.json';

/** What of a label names a class. */
export interface Named {
  /** One: found; several: the label names all of these. */
  readonly indices: readonly number[];
  /** Whether it is written as the class is, but for upper and lower case, spaces, `_` and `-`. */
  readonly alike: boolean;
}

/** Each rule makes what is compared from a name; the first by which any class fits counts. */
interface Rule {
  readonly keysOf: (className: string) => readonly string[];
  readonly keyOf: (label: string) => string;
  readonly alike: boolean;
}

const synset = /^n\d{8}(?=$|[\s_.:-])/;
/** `003_dog`, `3-dog`, `001.Albatross`, `n02099601_golden_retriever`. */
const leadingNumber = /^(?:n\d{8}|\d+)[\s_.:)-]+(?=\p{L})/u;
/** Marks of direction and joints of no width that one does not see. */
const invisible = /[\u200B\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/g;

const rules: readonly Rule[] = [
  // Whole names first: a synonym of one class may be the name of another ("crane").
  { keysOf: (name) => [tidy(name)], keyOf: tidy, alike: true },
  { keysOf: (name) => [folded(name)], keyOf: folded, alike: true },
  { keysOf: (name) => name.split(',').map(folded), keyOf: folded, alike: true },
  { keysOf: (name) => name.split(',').map(bare), keyOf: bare, alike: false },
  {
    keysOf: (name) => name.split(',').map((one) => singular(bare(one))),
    keyOf: (label) => singular(bare(label)),
    alike: false,
  },
];

export class ClassNames {
  /** Made when a label first needs it: most fit by the first rules. */
  private readonly byRule: ReadonlyMap<string, readonly number[]>[] = [];
  private readonly found = new Map<string, Named | undefined>();
  private readonly bySynset: ReadonlyMap<string, readonly number[]>;

  /** @param names of all classes; ImageNet names carry several, divided by commas */
  constructor(readonly names: readonly string[]) {
    this.bySynset = indexed(
      areImagenet(names)
        ? imagenetSynsets.map((one) => [one])
        : names.map((name) => synsetOf(name) ?? []),
    );
  }

  /** @returns undefined where the label names no class */
  find(label: string): Named | undefined {
    if (!this.found.has(label)) this.found.set(label, this.byName(label) ?? this.bySynsetOf(label));
    return this.found.get(label);
  }

  private byName(label: string): Named | undefined {
    for (const [at, { keysOf, keyOf, alike }] of rules.entries()) {
      const byKey = (this.byRule[at] ??= indexed(this.names.map(keysOf)));
      const indices = byKey.get(keyOf(label));
      if (indices !== undefined) return { indices, alike };
    }
    return undefined;
  }

  /** By the class's own synset, else by what ImageNet calls it. */
  private bySynsetOf(label: string): Named | undefined {
    const [id] = synsetOf(label) ?? [];
    if (id === undefined) return undefined;
    const indices = this.bySynset.get(id);
    if (indices !== undefined) return { indices, alike: true };
    const called = imagenetNames[imagenetSynsets.indexOf(id)];
    return called === undefined ? undefined : this.byName(called);
  }
}

/** Whether a label is a number that can be a class's; `3.0` as tables write it that lack a label somewhere. */
export function numberIn(label: string): number | undefined {
  const text = tidy(label);
  return /^\d+(\.0+)?$/.test(text) ? Number(text) : undefined;
}

/** A model without names has as many classes as there are in ImageNet, or most names are ImageNet's. */
function areImagenet(names: readonly string[]): boolean {
  if (names.length !== imagenetNames.length) return false;
  const same = names.filter((name, index) => {
    const first = folded(name.split(',', 1)[0] ?? '');
    return first === `class ${index}` || first === folded(imagenetNames[index] ?? '');
  });
  return same.length > names.length / 2;
}

function synsetOf(name: string): readonly string[] | undefined {
  return synset.exec(tidy(name))?.slice(0, 1);
}

function tidy(name: string): string {
  return name
    .normalize('NFKC')
    .replaceAll(invisible, '')
    .replace(/[/\\]+\s*$/, '')
    .trim();
}

function folded(name: string): string {
  const text = tidy(name).replace(/^(["'“‘])(.*)(["'”’])$/u, '$2');
  // What pandas made of whole numbers where some were missing.
  const number = /^(\d+)\.0+$/.exec(text)?.[1];
  return (
    number ??
    text
      .toLowerCase()
      .replaceAll(/[\s_\p{Pd}]+/gu, ' ')
      .trim()
  );
}

/** Without a number before it, and without what joins its words; a number without zeros before it. */
function bare(name: string): string {
  const text = folded(name);
  if (/^\d+$/.test(text)) return String(Number(text));
  return folded(tidy(name).replace(leadingNumber, '')).replaceAll(
    /[^\p{L}\p{N}\p{M}\p{S}#]+/gu,
    '',
  );
}

/** English plurals; other words come back as they are. */
function singular(word: string): string {
  if (!/^[a-z0-9]{4,}$/.test(word)) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (/(?:s|x|z|ch|sh)es$/.test(word)) return word.slice(0, -2);
  return /[^s]s$/.test(word) ? word.slice(0, -1) : word;
}

function indexed(keys: readonly (readonly string[])[]): ReadonlyMap<string, readonly number[]> {
  const map = new Map<string, number[]>();
  keys.forEach((own, index) => {
    for (const key of new Set(own)) {
      if (key === '') continue;
      const others = map.get(key);
      if (others === undefined) map.set(key, [index]);
      else others.push(index);
    }
  });
  return map;
}
