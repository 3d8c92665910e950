/** A state that travels to a page in parts: only those that are others than the page was told. */
import * as v from 'valibot';

export interface StateChange<State> {
  readonly kind: 'state';
  /** Of the page's messages since it loaded, how many this state knows of. */
  readonly heard: number;
  readonly changed: Partial<State>;
  /** Of lists that went on: what is new at their ends. */
  readonly grown?: Partial<State> | undefined;
  /** Parts that are undefined now: what is undefined does not travel. */
  readonly gone: readonly (keyof State & string)[];
}

/**
 * A check that a message is such a change. What the parts hold is not looked through: both ends are
 * of one version, but other scripts of the editor post to the same window.
 */
export function stateChangeSchema<State extends object>(
  parts: readonly (keyof State & string)[],
): v.GenericSchema<unknown, StateChange<State>> {
  const some = v.record(v.picklist(parts), v.unknown());
  const schema = v.object({
    kind: v.literal('state'),
    heard: v.number(),
    changed: some,
    grown: v.optional(some),
    gone: v.array(v.picklist(parts)),
  });
  // Of a record, valibot says nothing of which part has which type.
  return schema as unknown as v.GenericSchema<unknown, StateChange<State>>;
}

type Parts<State> = Omit<StateChange<State>, 'kind' | 'heard'>;

/** Which of these parts of a state are others now; the same value is the same part. */
export function changeBetween<State extends object>(
  before: Partial<State>,
  now: State,
  parts: readonly (keyof State & string)[],
): Parts<State> {
  const others = parts.filter((part) => now[part] !== before[part]);
  const gone = others.filter((part) => now[part] === undefined);
  const changed: Partial<State> = {};
  const grown: Partial<State> = {};
  for (const part of others) {
    const more = beyond(before[part], now[part]);
    if (more !== undefined) Object.assign(grown, { [part]: more });
    else if (now[part] !== undefined) changed[part] = now[part];
  }
  return { changed, gone, ...(Object.keys(grown).length > 0 && { grown }) };
}

type Entry = readonly [part: string, value: unknown];

export function withChange<State extends object>(
  state: State,
  { changed, gone, grown = {} }: Parts<State>,
): State {
  const parts = Object.keys(grown) as (keyof State & string)[];
  const longer = parts.map((part): Entry => [part, joined(state[part], grown[part])]);
  const undefinedParts = gone.map((part): Entry => [part, undefined]);
  return { ...state, ...Object.fromEntries([...undefinedParts, ...longer]), ...changed };
}

/** What a list has beyond one that it goes on from; undefined where it is no such list. */
function beyond(before: unknown, now: unknown): readonly unknown[] | undefined {
  if (!isList(before) || !isList(now)) return undefined;
  const goesOn = before.length > 0 && before.every((item, at) => item === now[at]);
  return goesOn && now.length > before.length ? now.slice(before.length) : undefined;
}

function joined(list: unknown, more: unknown): unknown {
  return isList(list) && isList(more) ? [...list, ...more] : more;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
