import type { FromEvaluation } from '../protocol/evaluation';
import { askedAnew, type EvaluationState } from './evaluation-state';

/** What a person's wish changes at once, on both sides alike; the work that it asks for comes after. */
export function intended(state: EvaluationState, intent: FromEvaluation): EvaluationState {
  const { asked } = state;
  switch (intent.kind) {
    case 'chooseModel':
      return askedAnew(state, { ...asked, modelId: intent.modelId });
    case 'choosePictures':
      return askedAnew(state, { ...asked, pictures: intent.pictures });
    default:
      return state;
  }
}
