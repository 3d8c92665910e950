/**
 * What a panel has been told. A hidden webview is gone, and messages to it with it: whoever loads
 * (again) says `ready` and is told the last whole state.
 */
import type { ToPanel } from '../../shared/panel-protocol';

type Show = Extract<ToPanel, { kind: 'show' }>;
type Classified = Extract<ToPanel, { kind: 'classified' }>;
type Status = Exclude<ToPanel, Show | Classified>;

export class PanelMailbox {
  #listening = false;
  #show: Show | undefined;
  #classified: Classified | undefined;
  #status: Status | undefined;

  /** @param deliver hands one message to the webview */
  constructor(private readonly deliver: (message: ToPanel) => void) {}

  /** The picture and the choices as the panel knows them. */
  get shown(): Show | undefined {
    return this.#show;
  }

  post(message: ToPanel): void {
    if (message.kind === 'show') {
      this.#show = message;
    } else if (message.kind === 'classified') {
      this.#classified = message;
    } else {
      this.#status = message;
      if (message.kind !== 'busy') this.#classified = undefined;
    }
    if (this.#listening) this.deliver(message);
  }

  /** The webview loaded: tell it everything that still holds, oldest first. */
  ready(): void {
    this.#listening = true;
    for (const message of [this.#show, this.#status, this.#classified]) {
      if (message !== undefined) this.deliver(message);
    }
  }

  /** The webview was hidden: what is posted now waits for the next `ready`. */
  hidden(): void {
    this.#listening = false;
  }
}
