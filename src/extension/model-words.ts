/** A model of a list in words. */
import type { ModelListing } from '../shared/model';
import { formatBytes } from '../store/format-bytes';

const sources = {
  shipped: 'ships with the extension',
  catalog: 'known model',
  own: 'your own',
  workspace: 'in the workspace',
  recent: 'used lately',
} as const;

export function describeListing(listing: ModelListing): string {
  const { source, onDisk, bytes, licence } = listing;
  const place = onDisk ? sources[source] : 'to be downloaded';
  return [listing.place, place, bytes === undefined ? undefined : formatBytes(bytes), licence]
    .filter((part) => part !== undefined)
    .join(' · ');
}
