/**
 * What a panel has been told. A hidden webview is gone, and messages to it with it: whoever loads
 * (again) says `ready` and is told everything that still holds.
 */
import type { ToPanel } from '../../shared/panel-protocol';
import { samePhrases } from '../../shared/phrases';

type Message<Kind extends ToPanel['kind']> = Extract<ToPanel, { kind: Kind }>;

export class PanelMailbox {
  private listening = false;
  private show: Message<'show'> | undefined;
  private answer: Message<'classified' | 'explained'> | undefined;
  private filmstrip: Message<'filmstrip'> | undefined;
  private lastStatus: Message<'busy' | 'failed' | 'cancelled' | 'awaitingPhrases'> | undefined;

  /** @param deliver hands one message to the webview */
  constructor(private readonly deliver: (message: ToPanel) => void) {}

  /** The picture and the choices as the panel knows them. */
  get shown(): Message<'show'> | undefined {
    return this.show;
  }

  /** How the last request went; undefined once it was answered. */
  get status(): Message<'busy' | 'failed' | 'cancelled' | 'awaitingPhrases'> | undefined {
    return this.lastStatus;
  }

  post(message: ToPanel): void {
    switch (message.kind) {
      case 'show':
        if (
          message.imageSrc !== this.show?.imageSrc ||
          message.modelId !== this.show.modelId ||
          !samePhrases(message.phrases, this.show.phrases)
        )
          this.answer = undefined;
        this.show = message;
        break;
      case 'classified':
        // A map that holds says more.
        if (this.answer?.kind !== 'explained') this.answer = message;
        break;
      case 'explained':
        this.answer = message;
        this.lastStatus = undefined;
        break;
      case 'filmstrip':
        this.filmstrip = message;
        break;
      default:
        this.lastStatus = message;
    }
    if (this.listening) this.deliver(message);
  }

  /** The webview loaded: tell it everything that still holds, oldest first. */
  ready(): void {
    this.listening = true;
    for (const message of [this.filmstrip, this.show, this.answer, this.lastStatus])
      if (message !== undefined) this.deliver(message);
  }

  /** The webview was hidden: what is posted now waits for the next `ready`. */
  hidden(): void {
    this.listening = false;
  }
}
