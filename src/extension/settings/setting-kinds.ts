/** What kinds of settings there are: how each is declared in the manifest, and what it accepts. */

interface SettingRow<Value> {
  readonly default: Value;
  /** Where it can be set, in the manifest's words. */
  readonly scope: 'resource' | 'language-overridable' | 'machine' | 'machine-overridable';
  /** Whether an untrusted workspace's own value is passed over. */
  readonly restricted?: true;
  /** What a change of it concerns: maps that are shown, their looks alone, the worker process. */
  readonly concerns?: readonly SettingConcern[];
}

export type SettingConcern = 'maps' | 'looks' | 'process';

export interface Setting<Value> extends SettingRow<Value> {
  /** Its JSON Schema in the manifest, without default. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** Choices that have a text of their own, `setting.NAME.CHOICE`. */
  readonly described?: readonly string[];
  /** The value as it is used; undefined where it is not of this kind. */
  readonly parse: (value: unknown) => Value | undefined;
  /** What it has to be, in words. */
  readonly mayBe: string;
}

/** Whole numbers, both ends included. */
export function wholeNumber(least: number, most: number, row: SettingRow<number>): Setting<number> {
  return {
    ...row,
    schema: { type: 'integer', minimum: least, maximum: most },
    mayBe: `a whole number from ${least} to ${most}`,
    parse: (value) =>
      typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
        ? value
        : undefined,
  };
}

export function numberFrom(least: number, row: SettingRow<number>): Setting<number> {
  return {
    ...row,
    schema: { type: 'number', minimum: least },
    mayBe: `a number from ${least}`,
    parse: (value) => (typeof value === 'number' && value >= least ? value : undefined),
  };
}

export function choice<Choice extends string>(
  choices: readonly Choice[],
  { described, ...row }: SettingRow<Choice> & { readonly described: boolean },
): Setting<Choice> {
  return {
    ...row,
    ...(described ? { described: choices } : {}),
    schema: { type: 'string', enum: choices },
    mayBe: `one of ${choices.join(', ')}`,
    parse: (value) => choices.find((one) => one === value),
  };
}

export function text(row: SettingRow<string>): Setting<string> {
  return {
    ...row,
    schema: { type: 'string' },
    mayBe: 'a text that is not empty',
    parse: (value) => (typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined),
  };
}

/** Empty: none. */
export function textOrNone(row: Omit<SettingRow<string>, 'default'>): Setting<string> {
  return {
    ...row,
    default: '',
    schema: { type: 'string' },
    mayBe: 'a text',
    parse: (value) => (typeof value === 'string' ? value.trim() : undefined),
  };
}

/** What is no text is left out, and so is what is empty. */
export function texts(row: SettingRow<readonly string[]>): Setting<readonly string[]> {
  return {
    ...row,
    schema: { type: 'array', items: { type: 'string' }, uniqueItems: true },
    mayBe: 'a list of texts',
    parse: (value) =>
      Array.isArray(value)
        ? value.flatMap((one) => (typeof one === 'string' && one.trim() !== '' ? [one.trim()] : []))
        : undefined,
  };
}

export function flag(row: SettingRow<boolean>): Setting<boolean> {
  return {
    ...row,
    schema: { type: 'boolean' },
    mayBe: 'true or false',
    parse: (value) => (typeof value === 'boolean' ? value : undefined),
  };
}
