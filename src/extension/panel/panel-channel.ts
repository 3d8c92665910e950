/** A panel's model, and the page that shows it. */
import { learned, type PanelFact } from '../../shared/panel/panel-facts';
import { intended } from '../../shared/panel/panel-intents';
import { panelParts, type PanelModel } from '../../shared/panel/panel-model';
import type { FromPanel, ToPanel } from '../../shared/protocol/panel';
import { StateChannel } from '../page/state-channel';

export class PanelChannel extends StateChannel<PanelModel, FromPanel> {
  /** @param deliver hands one message to the webview */
  constructor(model: PanelModel, deliver: (change: ToPanel) => void) {
    super(panelParts, model, intended, deliver);
  }

  /** Something has come to be known. */
  learn(fact: PanelFact): void {
    this.show(learned(this.state, fact));
  }

  /** The person wishes something elsewhere than in the page. */
  intend(intent: FromPanel): void {
    this.show(intended(this.state, intent));
  }
}
