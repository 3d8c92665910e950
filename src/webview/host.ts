/** The extension's side, as the panel sees it. */
import type { FromPanel, PanelState, ToPanel } from '../shared/panel-protocol';

interface VsCodeApi {
  postMessage(message: FromPanel): void;
  getState(): PanelState | undefined;
  setState(state: PanelState): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

export interface Host {
  readonly post: (message: FromPanel) => void;
  readonly kept: PanelState | undefined;
  readonly keep: (state: PanelState) => void;
}

/** Connects to the extension; may be called once. */
export function connectHost(receive: (message: ToPanel) => void): Host {
  const api = acquireVsCodeApi();
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (isToPanel(event.data)) receive(event.data);
  });
  return {
    post: (message) => api.postMessage(message),
    kept: api.getState(),
    keep: (state) => api.setState(state),
  };
}

const kinds: Readonly<Record<ToPanel['kind'], true>> = {
  show: true,
  busy: true,
  classified: true,
  explained: true,
  failed: true,
  cancelled: true,
  awaitingPhrases: true,
  filmstrip: true,
};

/** Other scripts of the editor post to the same window; ours carry a kind we know. */
function isToPanel(data: unknown): data is ToPanel {
  return (
    typeof data === 'object' &&
    data !== null &&
    'kind' in data &&
    typeof data.kind === 'string' &&
    Object.hasOwn(kinds, data.kind)
  );
}
