/** The entry of the page of a model file. Wiring only. */
import { freshModelPage, type ModelPageState } from '../shared/model-page/model-page-state';
import { isToModelPage, type FromModelPage, type ToModelPage } from '../shared/protocol/model-page';
import { connectPage, type Received } from './connect-page';
import { ModelApp } from './model/model-app';
import { hear, say, untold } from './told-state';
import './model.css';

const untoldFile = {
  name: '',
  folder: '',
  bytes: undefined,
  manifest: { name: '', exists: false },
};
const same = (state: ModelPageState): ModelPageState => state;

connectPage({
  isTold: isToModelPage,
  initial: () => untold<ModelPageState, FromModelPage>(freshModelPage(untoldFile, true)),
  update: (model, action: FromModelPage | Received<ToModelPage>) =>
    action.kind === 'received'
      ? { model: hear(model, action.change, same), posts: [] }
      : { model: say(model, action, same), posts: [action] },
  toKeep: () => undefined,
  draw: ({ now }, act) => <ModelApp state={now} say={act} />,
});
