/**
 * Fields of another library's configuration, read one by one: what is left out, or cannot be
 * understood, gets a default and a note, and never costs the rest of the file.
 */
import type { Assumption } from '../../shared/assumption';
import { isRecord } from '../../shared/is-record';
import type { Preprocessing } from '../../shared/preprocessing';

export type Sides = readonly [height: number, width: number];

/** One preprocessing as a file beside the model states it. */
export interface StatedPreprocessing {
  readonly preprocessing: Preprocessing;
  /** What the file leaves out, or what of it could not be followed. */
  readonly assumed: readonly Assumption[];
  /** The input size that the file itself states, where `preprocessing` is already for another. */
  readonly statedSize?: Sides;
}

/** A kind of value: how it is read, and what is said of it. */
export interface Kind<T> {
  /** @returns undefined where the value is not of this kind */
  readonly read: (value: unknown) => T | undefined;
  /** As in: `which is no …`. */
  readonly name: string;
  readonly show: (value: T) => string;
}

export class ConfigFields {
  private readonly known = new Set<string>();
  private readonly defaults: string[] = [];
  private readonly notes: Assumption[] = [];

  /**
   * @param file the file's name
   * @param owner whose defaults are taken: `ViTImageProcessor`, `timm`
   */
  constructor(
    private readonly fields: Readonly<Record<string, unknown>>,
    private readonly file: string,
    readonly owner: string,
  ) {}

  /** Whether the file sets the field: `null` is how Python's classes write that they do not. */
  has(name: string): boolean {
    return (this.fields[name] ?? undefined) !== undefined;
  }

  /** Whether the field is this very word. */
  is(name: string, word: string): boolean {
    this.known.add(name);
    return this.fields[name] === word;
  }

  /** The field, or the default, which is noted. */
  read<T>(name: string, kind: Kind<T>, fallback: T): T {
    if (!this.has(name)) {
      this.defaults.push(`${name} ${kind.show(fallback)}`);
      this.known.add(name);
      return fallback;
    }
    return this.optional(name, kind, fallback);
  }

  /** The field, or the default where everybody takes the same one, so that there is nothing to note. */
  optional<T>(name: string, kind: Kind<T>, fallback: T): T {
    this.known.add(name);
    const value = this.fields[name] ?? undefined;
    if (value === undefined) return fallback;
    const read = kind.read(value);
    if (read !== undefined) return read;
    const bare = unquoted(value);
    const meant = bare === value ? undefined : kind.read(bare);
    this.note(
      `${name} ${kind.show(meant ?? fallback)}`,
      meant === undefined
        ? `“${name}” in ${this.file} is ${shown(value)}, which is no ${kind.name}`
        : `“${name}” in ${this.file} is the text ${shown(value)}`,
    );
    return meant ?? fallback;
  }

  /** Fields that change no pixel. */
  ignore(names: readonly string[]): void {
    names.forEach((name) => this.known.add(name));
  }

  note(value: string, reason: string): void {
    this.notes.push({ subject: 'preprocessing', value, reason, field: 'preprocessing' });
  }

  /** @param namesAll whether a field that nobody read may change pixels, and so is named */
  assumed(namesAll: boolean): readonly Assumption[] {
    const strange = Object.entries(this.fields)
      .filter(([name, value]) => !this.known.has(name) && (value ?? false) !== false)
      .map(([name]) => `“${name}”`);
    if (namesAll && strange.length > 0) {
      this.note(
        `${strange.join(', ')} left aside`,
        `what ${this.file} means by ${strange.length === 1 ? 'it' : 'them'} is not known`,
      );
    }
    if (this.defaults.length > 0) {
      this.note(
        this.defaults.join('; '),
        `${this.file} leaves ${this.defaults.length === 1 ? 'it' : 'them'} out, and ${this.owner} defaults to this`,
      );
    }
    return this.notes;
  }
}

/** Numbers and switches that someone wrote as text, also inside lists and objects. */
export function unquoted(value: unknown): unknown {
  if (typeof value === 'string') {
    const text = value.trim();
    if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
    const [over = NaN, under = 1, ...more] = text.split('/').map((part) => Number(part || NaN));
    const number = over / under;
    return more.length === 0 && Number.isFinite(number) ? number : value;
  }
  if (Array.isArray(value)) {
    const items = value.map(unquoted);
    return items.some((item, at) => item !== value[at]) ? items : value;
  }
  if (isRecord(value)) {
    const entries = Object.entries(value).map(([key, item]) => [key, unquoted(item)] as const);
    return entries.some(([key, item]) => item !== value[key]) ? Object.fromEntries(entries) : value;
  }
  return value;
}

/** JSON, cut to what fits into a sentence. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
