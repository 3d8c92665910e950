/** Opens the model of a dataset, which tells what a run over its pictures has to know. */
import type { Params, Result, Tell } from '../../shared/protocol/calls';
import { reasonFor } from '../best-method';
import { noticesOf } from '../scores';
import { stagesTo } from '../stages';
import type { Workroom } from '../workroom';
import { openForDataset } from './open-for-dataset';

/** @throws Failure, EngineError when the model cannot be used at all */
export async function open(
  { model, method, options }: Params<'open'>,
  room: Workroom,
  tell: Tell<'open'>,
): Promise<Result<'open'>> {
  const opened = await openForDataset(model, room, stagesTo(tell));
  const { explainer, sha256, assumed, labels, oneSideNamed, notices } = opened;
  const { structure, output } = explainer;
  return {
    modelSha256: sha256,
    classes: structure.classes,
    labels,
    oneSideNamed,
    output: output.kind,
    grid: structure.grid,
    assumed,
    notices: [
      ...explainer.notices,
      ...notices,
      ...noticesOf(output.kind, structure.classes, 'dataset'),
      ...explainer.noticesOf({ method, options }),
      ...reasonFor(explainer, model, method),
    ],
  };
}
