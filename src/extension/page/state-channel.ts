/**
 * What a page has been told of a state. A hidden webview is gone, and messages to it with it: whoever
 * loads (again) says `ready` and is told everything.
 */
import { changeBetween, type StateChange } from '../../shared/protocol/state-change';

/** What listens to a page's coming and going, and tells it how much of it was heard. */
export interface PageListener {
  /** The page has loaded. */
  ready(): void;
  /** It is gone until it says `ready` again. */
  hidden(): void;
  /** Does what a message of the page asks for. */
  hear<Result>(work: () => Result): Result;
}

export class StateChannel<State extends object> implements PageListener {
  private listening = false;
  private told: Partial<State> = {};
  private heard = 0;
  private toldHeard = 0;

  /**
   * @param parts those that the page is told; what else a state holds stays here
   * @param deliver hands one message to the webview
   */
  constructor(
    private readonly parts: readonly (keyof State & string)[],
    private state: State,
    private readonly deliver: (change: StateChange<State>) => void,
  ) {}

  /** Tells the page what has changed since it was told last. */
  show(state: State): void {
    this.state = state;
    this.tell();
  }

  ready(): void {
    this.listening = true;
    this.told = {};
    this.heard = 0;
    this.toldHeard = 0;
    this.tell();
  }

  hidden(): void {
    this.listening = false;
  }

  /** Also where nothing came of it: until then the page goes on from what it expects of it. */
  hear<Result>(work: () => Result): Result {
    this.heard += 1;
    const result = work();
    this.tell();
    return result;
  }

  private tell(): void {
    if (!this.listening) return;
    const change = changeBetween(this.told, this.state, this.parts);
    const nothing = Object.keys(change.changed).length === 0 && change.gone.length === 0;
    if (nothing && this.heard === this.toldHeard) return;
    this.told = this.state;
    this.toldHeard = this.heard;
    this.deliver({ kind: 'state', heard: this.heard, ...change });
  }
}
