/** A model of a list in words. */
import type { ModelListing } from '../shared/model';
import { formatBytes } from '../store/format-bytes';

const sources = { shipped: 'ships with the extension', catalog: 'known model', own: 'your own' };

export function describeListing({ source, onDisk, bytes, licence }: ModelListing): string {
  const place = onDisk ? sources[source] : 'to be downloaded';
  return [place, bytes === undefined ? undefined : formatBytes(bytes), licence]
    .filter((part) => part !== undefined)
    .join(' · ');
}
