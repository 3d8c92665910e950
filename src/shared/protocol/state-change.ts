/** A state that travels to a page in parts: only those that are others than the page was told. */
import * as v from 'valibot';

export interface StateChange<State> {
  readonly kind: 'state';
  /** Of the page's messages since it loaded, how many this state knows of. */
  readonly heard: number;
  readonly changed: Partial<State>;
  /** Parts that are undefined now: what is undefined does not travel. */
  readonly gone: readonly (keyof State & string)[];
}

/** @param parts the schema of every part of a state, but for being undefined */
export function stateChangeSchema<State extends object>(parts: {
  readonly [Part in keyof State]: v.GenericSchema<unknown, NonNullable<State[Part]>>;
}): v.GenericSchema<unknown, StateChange<State>> {
  const optional = Object.entries<v.GenericSchema>(parts).map(
    ([part, schema]) => [part, v.optional(schema)] as const,
  );
  const schema = v.object({
    kind: v.literal('state'),
    heard: v.number(),
    changed: v.object(Object.fromEntries(optional)),
    gone: v.array(v.picklist(Object.keys(parts))),
  });
  // The parts are known to the caller's type only.
  return schema as unknown as v.GenericSchema<unknown, StateChange<State>>;
}

/** Which of these parts of a state are others now; the same value is the same part. */
export function changeBetween<State extends object>(
  before: Partial<State>,
  now: State,
  parts: readonly (keyof State & string)[],
): Pick<StateChange<State>, 'changed' | 'gone'> {
  const others = parts.filter((part) => now[part] !== before[part]);
  const gone = others.filter((part) => now[part] === undefined);
  const changed: Partial<State> = {};
  for (const part of others) if (now[part] !== undefined) changed[part] = now[part];
  return { changed, gone };
}

export function withChange<State extends object>(
  state: State,
  { changed, gone }: Pick<StateChange<State>, 'changed' | 'gone'>,
): State {
  return { ...state, ...Object.fromEntries(gone.map((part) => [part, undefined])), ...changed };
}
