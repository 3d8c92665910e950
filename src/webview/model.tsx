/** The entry of the page of a model file. Wiring only. */
import { isToModelPage } from '../shared/protocol/model-page';
import { connectPage } from './connect-page';
import { initialModelPage, toKeepOfModelPage, updateModelPage } from './model-state';
import { ModelApp } from './model/model-app';
import './model.css';

connectPage({
  isTold: isToModelPage,
  initial: initialModelPage,
  update: updateModelPage,
  toKeep: toKeepOfModelPage,
  draw: (page, act) => <ModelApp page={page} act={act} />,
});
