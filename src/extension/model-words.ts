/** A model of a list in words. */
import type { ModelListing } from '../shared/model';

const sources = { shipped: 'ships with the extension', catalog: 'known model', own: 'your own' };

export function describeListing({ source, onDisk, bytes, licence }: ModelListing): string {
  const place = onDisk ? sources[source] : 'to be downloaded';
  return [place, bytes === undefined ? undefined : bytesInWords(bytes), licence]
    .filter((part) => part !== undefined)
    .join(' · ');
}

export function bytesInWords(bytes: number): string {
  const megabytes = bytes / 1e6;
  return megabytes < 1000
    ? `${megabytes < 10 ? megabytes.toFixed(1) : Math.round(megabytes)} MB`
    : `${(megabytes / 1000).toFixed(1)} GB`;
}
