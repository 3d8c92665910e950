/** Whether the maps of a model's methods depend on what it has learned. */
import path from 'node:path';
import { randomisation, shuffledShares } from '../../engine/measure/randomisation';
import type { MeasuredRandomisation } from '../../shared/evaluation';
import type { Params } from '../../shared/protocol/calls';
import { openForDataset } from '../batch/open-for-dataset';
import { readSample } from '../batch/read-sample';
import type { Workroom } from '../workroom';

/**
 * @param paths pictures, of which a mean is taken
 * @param onStage told what is being done, in a phrase
 * @throws Failure, EngineError
 */
export async function measureRandomisation(
  { model, options, methods }: Omit<Params<'costs'>, 'path'>,
  paths: readonly string[],
  room: Workroom,
  onStage: (phrase: string) => void,
): Promise<MeasuredRandomisation> {
  const { explainer } = await openForDataset(model, room, onStage);
  const pictures: Float32Array[] = [];
  for (const file of paths) {
    const image = {
      kind: 'encoded',
      bytes: await readSample(file),
      name: path.basename(file),
    } as const;
    const { input } = await room.inputs.prepare(image, model.preprocessing);
    pictures.push(input.values);
  }
  const calls = methods.map((method) => ({ method, options }));
  const measured = await randomisation(explainer, pictures, calls, (done) => {
    onStage(
      `Measuring what the maps are with shuffled weights (${done} of ${shuffledShares.length})`,
    );
  });
  return Object.fromEntries(measured);
}
