import type { Grid } from '../../shared/explanation';
import { patchSums } from '../../shared/patch-sums';
import type { MeasuredMap } from './faithfulness';
import { spearman } from './spearman';

/**
 * How much a map depends on the class: 1 − Spearman's correlation, over patches, of the maps of the
 * two best classes; 0 for a map that is the same for both, 1 for maps that have nothing to do with
 * each other, 2 for one that is the other's reverse.
 */
export function classSensitivity(map: MeasuredMap, other: MeasuredMap, grid: Grid): number {
  const ofPatches = ({ values, shape }: MeasuredMap) => patchSums(values, shape, grid);
  return 1 - spearman(ofPatches(map), ofPatches(other));
}
