/** Some pictures of a dataset, drawn evenly over its labels; the same ones every time. */
import type { BatchSample } from '../shared/protocol/dataset';
import { evenSample } from './even-sample';
import type { PreparedBatch } from './prepare-batch';
import { byCodeUnits } from './sample';

/**
 * Waits until all of the dataset is listed.
 * @throws Failure `dataset-unusable`; the signal's reason when it is aborted
 */
export async function drawEvenly(
  { samples }: Pick<PreparedBatch, 'samples'>,
  count: number,
  signal: AbortSignal,
): Promise<readonly BatchSample[]> {
  const all: BatchSample[] = [];
  for await (const sample of samples) all.push(sample);
  signal.throwIfAborted();
  return evenSample(
    all.sort((a, b) => byCodeUnits(a.name, b.name)),
    count,
  );
}
