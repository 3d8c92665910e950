/** The extension's side, as a page sees it. */
import * as v from 'valibot';

interface VsCodeApi<Said, Kept> {
  postMessage(message: Said): void;
  getState(): Kept | undefined;
  setState(state: Kept): void;
}

declare function acquireVsCodeApi(): VsCodeApi<unknown, unknown>;

export interface Host<Said, Kept> {
  readonly post: (message: Said) => void;
  readonly kept: Kept | undefined;
  readonly keep: (state: Kept) => void;
}

/**
 * Connects to the extension; may be called once.
 * @param schema of what the extension says; other scripts of the editor post to the same window
 */
export function connectHost<Told, Said, Kept>(
  schema: v.GenericSchema<unknown, Told>,
  receive: (message: Told) => void,
): Host<Said, Kept> {
  // The editor gives back what this page kept.
  const api = acquireVsCodeApi() as VsCodeApi<Said, Kept>;
  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const { success, output } = v.safeParse(schema, data);
    if (success) receive(output);
  });
  return {
    post: (message) => api.postMessage(message),
    kept: api.getState(),
    keep: (state) => api.setState(state),
  };
}
