/** The page's copy of a state: at once as the person wants it, in the end as the extension has it. */
import { expect, it } from 'vitest';
import type { StateChange } from '../../src/shared/protocol/state-change';
import { hear, say, untold, type ToldState } from '../../src/webview/told-state';

interface State {
  readonly method: string;
  readonly phrase: string | undefined;
}

const choose = (state: State, method: string): State => ({
  ...state,
  method,
  phrase: 'Explaining',
});

function told(heard: number, changed: Partial<State>, gone: ('method' | 'phrase')[] = []) {
  return { kind: 'state', heard, changed, gone } satisfies StateChange<State>;
}

const start: ToldState<State, string> = untold({ method: 'a', phrase: undefined });

it('answers at once', () => {
  expect(say(start, 'b', choose).now).toEqual({ method: 'b', phrase: 'Explaining' });
});

it('does not go back for what was on its way when the person did something', () => {
  const late = hear(say(start, 'b', choose), told(0, { method: 'a', phrase: 'Opening' }), choose);
  expect(late.now).toEqual({ method: 'b', phrase: 'Explaining' });
});

it('is what the extension says once that has heard everything, also where it made nothing of it', () => {
  const both = say(say(start, 'b', choose), 'c', choose);
  const one = hear(both, told(1, { phrase: 'Explaining with b' }), choose);
  expect(one.now).toEqual({ method: 'c', phrase: 'Explaining' });
  const all = hear(one, told(2, {}, ['phrase']), choose);
  expect(all.now).toEqual({ method: 'a', phrase: undefined });
  expect(all.unheard).toEqual([]);
});
