/** What a person agrees to before anything is downloaded. */
import { approximateBytes, pageOf, weightsOf, type CatalogEntry } from '../catalog';
import { formatBytes } from '../format-bytes';
import { sourceUrl } from './source-url';

/** The question, and the sentences that belong under it. */
export interface Consent {
  readonly question: string;
  readonly details: readonly string[];
}

export function consentText(entry: CatalogEntry, mirror: string | undefined): Consent {
  const bytes = approximateBytes(entry);
  const size = bytes === undefined ? 'size not published' : `about ${formatBytes(bytes)}`;
  const { host } = sourceUrl(entry, weightsOf(entry).path, mirror);
  const checksumKnown = weightsOf(entry).sha256 !== null;
  return {
    question: `Download ${entry.name} (${size}) from ${host}?`,
    details: [
      entry.summary,
      `Licence: ${entry.licence}. Read about the model at ${pageOf(entry)}.`,
      checksumKnown
        ? 'The file is checked against its published checksum.'
        : 'No checksum of this file is known beforehand: it is checked against what the host ' +
          'announces, if it does, and its checksum is recorded now and demanded from then on.',
    ],
  };
}
