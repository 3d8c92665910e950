/** The panel's entry. Wiring only. */
import { isToPanel } from '../shared/protocol/panel';
import { App } from './components/app';
import { pictureIn } from './first-picture';
import { connectPage } from './connect-page';
import { initialPage, stateToKeep, update } from './panel-state';
import './panel.css';

connectPage({
  isTold: isToPanel,
  initial: (kept, root) => initialPage(kept, pictureIn(root)),
  update,
  toKeep: stateToKeep,
  draw: (model, act) => <App model={model} act={act} />,
});
