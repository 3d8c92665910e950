/** The panel's entry: connects what is known, what is drawn and the extension. Wiring only. */
import { render } from 'preact';
import { App } from './components/app';
import { connectHost } from './host';
import { initialModel, stateToKeep, update, type PanelAction } from './panel-state';
import './panel.css';

const root = document.getElementById('root');
if (root === null) throw new Error('The page of the panel has no element “root”.');

const host = connectHost((message) => act({ kind: 'received', message }));
let model = initialModel(host.kept);

function act(action: PanelAction): void {
  const { model: next, posts } = update(model, action);
  model = next;
  const state = stateToKeep(model);
  if (state !== undefined) host.keep(state);
  draw();
  for (const message of posts) host.post(message);
}

function draw(): void {
  if (root !== null) render(<App model={model} act={act} post={host.post} />, root);
}

draw();
host.post({ kind: 'ready', state: host.kept });
