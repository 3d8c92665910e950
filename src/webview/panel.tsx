/** The panel's entry: connects what is known, what is drawn and the extension. Wiring only. */
import { render } from 'preact';
import { toPanelSchema, type FromPanel, type ToPanel } from '../shared/protocol/panel';
import { App } from './components/app';
import { connectHost } from './host';
import { initialPage, stateToKeep, update, type KeptPage, type PageAction } from './panel-state';
import './panel.css';

const root = document.getElementById('root');
if (root === null) throw new Error('The page of the panel has no element “root”.');

const host = connectHost<ToPanel, FromPanel, KeptPage>(toPanelSchema, (change) =>
  act({ kind: 'received', change }),
);
let model = initialPage(host.kept);

function act(action: PageAction): void {
  const { model: next, posts } = update(model, action);
  model = next;
  const state = stateToKeep(model);
  if (state !== undefined) host.keep(state);
  draw();
  for (const message of posts) host.post(message);
}

function draw(): void {
  if (root !== null) render(<App model={model} act={act} />, root);
}

draw();
host.post({ kind: 'ready' });
