/** The entry of the page that compares methods. Wiring only. */
import { intended } from '../shared/evaluation-page/evaluation-intents';
import { freshEvaluation, type EvaluationState } from '../shared/evaluation-page/evaluation-state';
import {
  isToEvaluation,
  type FromEvaluation,
  type KeptEvaluation,
  type ToEvaluation,
} from '../shared/protocol/evaluation';
import { connectPage, type Received } from './connect-page';
import { EvaluationApp } from './evaluation/evaluation-app';
import { hear, say, untold, type ToldState } from './told-state';
import './evaluation.css';

connectPage({
  isTold: isToEvaluation,
  initial: () => untold<EvaluationState, FromEvaluation>(freshEvaluation({ pictures: 50 })),
  update: (model, action: FromEvaluation | Received<ToEvaluation>) =>
    action.kind === 'received'
      ? { model: hear(model, action.change, intended), posts: [] }
      : { model: say(model, action, intended), posts: [action] },
  toKeep,
  draw: ({ now }, act) => <EvaluationApp state={now} say={act} />,
});

function toKeep({
  now: { dataset, asked },
}: ToldState<EvaluationState, FromEvaluation>): KeptEvaluation | undefined {
  return dataset === undefined ? undefined : { sources: dataset.sources, ...asked };
}
