/** A dataset as the probe commands take it. */
import { listSamples } from '../dataset/list-samples';
import type { ProbeSample, SkippedSample } from '../shared/probe';
import { labelledSamples } from '../dataset/labelled-samples';

export interface ProbeDataset {
  readonly root: string;
  readonly samples: readonly ProbeSample[];
  readonly skipped: readonly SkippedSample[];
}

/**
 * @param tell how the labels were found where that is not plain
 * @throws Failure `dataset-unusable`
 */
export async function readDataset(
  source: string,
  tell: (notice: string) => void,
): Promise<ProbeDataset> {
  const list = await listSamples(source);
  list.notices.forEach(tell);
  return labelledSamples(list);
}
