/**
 * A state that the extension holds and a page shows. A hidden webview is gone, and messages to it
 * with it: whoever loads (again) says `ready` and is told everything.
 */
import { changeBetween, type StateChange } from '../../shared/protocol/state-change';

/** What listens to a page's coming and going, and to all that it says. */
export interface PageListener<Said> {
  /** The page has loaded. */
  ready(): void;
  /** It is gone until it says `ready` again, or is in sight again without having been gone. */
  hidden(): void;
  /** It is in sight again: editors that are moved to another group are out of sight for a moment, and some stay alive. */
  shown(): void;
  /**
   * A message has come.
   * @param said undefined where it is none of the protocol
   * @param work does what it asks for
   */
  hear<Result>(said: Said | undefined, work: () => Result): Result;
}

export class StateChannel<State extends object, Said> implements PageListener<Said> {
  private listening = false;
  private hasLoaded = false;
  private told: Partial<State> = {};
  private heard = 0;
  private toldHeard = 0;

  /**
   * @param parts those that the page is told; what else a state holds stays here
   * @param transition what a message changes at once; the page expects the same
   * @param deliver hands one message to the webview
   */
  constructor(
    private readonly parts: readonly (keyof State & string)[],
    private current: State,
    private readonly transition: (state: State, said: Said) => State,
    private readonly deliver: (change: StateChange<State>) => void,
  ) {}

  get state(): State {
    return this.current;
  }

  /** Tells the page what has changed since it was told last. */
  show(state: State): void {
    this.current = state;
    this.tell();
  }

  ready(): void {
    this.listening = true;
    this.hasLoaded = true;
    this.told = {};
    this.heard = 0;
    this.toldHeard = 0;
    this.tell();
  }

  hidden(): void {
    this.listening = false;
  }

  /** A page that loads instead misses this, and is told everything when it has. */
  shown(): void {
    if (!this.hasLoaded) return;
    this.listening = true;
    this.tell();
  }

  /** Also where nothing comes of it the page is told that it was heard: until then it expects something. */
  hear<Result>(said: Said | undefined, work: () => Result): Result {
    this.heard += 1;
    if (said !== undefined) this.current = this.transition(this.current, said);
    const result = work();
    this.tell();
    return result;
  }

  private tell(): void {
    if (!this.listening) return;
    const change = changeBetween(this.told, this.current, this.parts);
    const { changed, gone, grown } = change;
    const isSame = Object.keys(changed).length + gone.length === 0 && grown === undefined;
    if (isSame && this.heard === this.toldHeard) return;
    this.told = this.current;
    this.toldHeard = this.heard;
    this.deliver({ kind: 'state', heard: this.heard, ...change });
  }
}
