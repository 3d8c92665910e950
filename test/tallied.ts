import { DatasetTally } from '../src/dataset/dataset-summary';
import { byCodeUnits } from '../src/dataset/sample';
import type { SampleResult } from '../src/shared/sample-result';

/** The lines of a report, counted in the order of their names. */
export function tallied(lines: readonly SampleResult[]): DatasetTally {
  const tally = new DatasetTally();
  for (const line of [...lines].sort((a, b) => byCodeUnits(a.name, b.name))) tally.add(line);
  return tally;
}
