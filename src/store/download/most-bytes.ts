/** How large a file may be at most, by what is known of it before its download. */
import { largest } from '../../engine/files/regular-file';
import type { CatalogFile } from '../catalog';

/** No weights of a network that these machines run are larger; for those whose size nobody states. */
const largestWeights = 20e9;
/** Figures are round ones, and a small file may have grown since they were read. */
const slack = { share: 1.25, bytes: 2 ** 20 };

/** @returns bytes; whoever sends more does not send this file */
export function mostBytesOf({ role, approximateBytes }: CatalogFile): number {
  if (approximateBytes !== null) return Math.ceil(approximateBytes * slack.share) + slack.bytes;
  return role === 'weights' || role === 'part' || role === 'text-model'
    ? largestWeights
    : largest.besideModel;
}
