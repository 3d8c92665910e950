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

/**
 * A check that a message is such a change. What the parts hold is not looked through: both ends are
 * of one version, but other scripts of the editor post to the same window.
 */
export function stateChangeSchema<State extends object>(
  parts: readonly (keyof State & string)[],
): v.GenericSchema<unknown, StateChange<State>> {
  const schema = v.object({
    kind: v.literal('state'),
    heard: v.number(),
    changed: v.record(v.picklist(parts), v.unknown()),
    gone: v.array(v.picklist(parts)),
  });
  // Of a record, valibot says nothing of which part has which type.
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
