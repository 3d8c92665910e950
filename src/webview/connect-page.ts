/** A page's entry: connects what it knows, what is drawn of that, what is kept, and the extension. */
import { render, type ComponentChild } from 'preact';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** What the extension told. */
export interface Received<Told> {
  readonly kind: 'received';
  readonly change: Told;
}

export interface PageParts<Model, Action, Told, Said, Kept> {
  /** Whether the extension said it; other scripts of the editor post to the same window. */
  readonly isTold: (data: unknown) => data is Told;
  /**
   * @param kept over a reload
   * @param root with what the page showed before its script ran
   */
  readonly initial: (kept: Kept | undefined, root: HTMLElement) => Model;
  /** Pure: effects come back as messages to post. */
  readonly update: (
    model: Model,
    action: Action | Received<Told>,
  ) => { readonly model: Model; readonly posts: readonly Said[] };
  /** What survives a reload; undefined while there is nothing to keep. */
  readonly toKeep: (model: Model) => Kept | undefined;
  readonly draw: (model: Model, act: (action: Action) => void) => ComponentChild;
}

/** May be called once. */
export function connectPage<Model, Action, Told, Said, Kept>(
  page: PageParts<Model, Action, Told, Said, Kept>,
): void {
  const root = document.getElementById('root');
  if (root === null) throw new Error('The page has no element “root”.');
  const host = acquireVsCodeApi();
  // The editor gives back what this page kept.
  let model = page.initial(host.getState() as Kept | undefined, root);

  const draw = (): void => render(page.draw(model, act), root);
  const act = (action: Action | Received<Told>): void => {
    const { model: next, posts } = page.update(model, action);
    model = next;
    const kept = page.toKeep(model);
    if (kept !== undefined) host.setState(kept);
    draw();
    for (const message of posts) host.postMessage(message);
  };

  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (page.isTold(data)) act({ kind: 'received', change: data });
  });
  draw();
  host.postMessage({ kind: 'ready' });
}
