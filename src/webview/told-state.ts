/**
 * A page's copy of the extension's state: as it was told last, and on top of that what the person did
 * since and the extension has not heard of yet. So the page answers at once, and no state that was on
 * its way meanwhile undoes that.
 */
import { withChange, type StateChange } from '../shared/protocol/state-change';

export interface ToldState<State, Said> {
  /** What the extension knows. */
  readonly told: State;
  /** With what it will make of the messages that it has not heard yet. */
  readonly now: State;
  readonly unheard: readonly Said[];
  /** How many messages the page has said since it loaded. */
  readonly said: number;
}

/** What a message changes; both sides do the same. */
export type Transition<State, Said> = (state: State, message: Said) => State;

export function untold<State, Said>(state: State): ToldState<State, Said> {
  return { told: state, now: state, unheard: [], said: 0 };
}

export function say<State, Said>(
  before: ToldState<State, Said>,
  message: Said,
  transition: Transition<State, Said>,
): ToldState<State, Said> {
  return {
    ...before,
    now: transition(before.now, message),
    unheard: [...before.unheard, message],
    said: before.said + 1,
  };
}

export function hear<State extends object, Said>(
  before: ToldState<State, Said>,
  change: StateChange<State>,
  transition: Transition<State, Said>,
): ToldState<State, Said> {
  const told = withChange(before.told, change);
  const waiting = before.said - change.heard;
  const unheard = waiting > 0 ? before.unheard.slice(-waiting) : [];
  return { ...before, told, unheard, now: unheard.reduce(transition, told) };
}
