/** A page's entry: connects the state that the extension holds, what is drawn of it, and what is kept. */
import { render, type ComponentChild } from 'preact';
import * as v from 'valibot';
import type { StateChange } from '../shared/protocol/state-change';
import { hear, say, untold, type ToldState, type Transition } from './told-state';

interface VsCodeApi {
  postMessage(message: unknown): void;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

export interface PageParts<State, Said> {
  /** Until the extension has told its own. */
  readonly start: State;
  readonly schema: v.GenericSchema<unknown, StateChange<State>>;
  readonly transition: Transition<State, Said>;
  /** What survives a reload; undefined while there is nothing to keep. */
  readonly toKeep: (state: State) => object | undefined;
  readonly draw: (state: State, say: (message: Said) => void) => ComponentChild;
}

/** May be called once. */
export function connectPage<State extends object, Said>(page: PageParts<State, Said>): void {
  const root = document.getElementById('root');
  if (root === null) throw new Error('The page has no element “root”.');
  const host = acquireVsCodeApi();
  let state = untold<State, Said>(page.start);

  const show = (next: ToldState<State, Said>): void => {
    state = next;
    const kept = page.toKeep(state.now);
    if (kept !== undefined) host.setState(kept);
    render(
      page.draw(state.now, (message) => {
        show(say(state, message, page.transition));
        host.postMessage(message);
      }),
      root,
    );
  };

  // Other scripts of the editor post to the same window.
  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const parsed = v.safeParse(page.schema, data);
    if (parsed.success) show(hear(state, parsed.output, page.transition));
  });
  show(state);
  host.postMessage({ kind: 'ready' });
}
