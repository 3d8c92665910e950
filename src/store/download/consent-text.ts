/** What a person agrees to before anything is downloaded. */
import { harmless } from '../../shared/harmless';
import { approximateBytes, pageOf, weightsOf, type Downloadable } from '../catalog';
import { formatBytes } from '../format-bytes';
import { weightEndings } from '../weight-endings';
import { sourceUrl } from './source-url';

/** The question, and the sentences that belong under it. */
export interface Consent {
  readonly question: string;
  readonly details: readonly string[];
}

/** How a model was trained, and how well it does where that was published. */
export function trainingInWords({ summary, imagenetTop1 }: Downloadable): string {
  return imagenetTop1 === null
    ? summary
    : `${summary} ${imagenetTop1.toFixed(1)} % top-1 on ImageNet-1k.`;
}

export function consentText(entry: Downloadable, mirror: string | undefined): Consent {
  const bytes = approximateBytes(entry);
  const size = bytes === undefined ? 'size not published' : `about ${formatBytes(bytes)}`;
  const { host } = sourceUrl(entry, weightsOf(entry).path, mirror);
  // An index of parts holds no weights itself.
  const checksumKnown = entry.files.every(
    ({ path, sha256 }) => sha256 !== null || !weightEndings.some((ending) => path.endsWith(ending)),
  );
  return {
    question: harmless(`Download ${entry.name} (${size}) from ${host}?`),
    details: [
      `${trainingInWords(entry)} Head: ${entry.head.charAt(0).toLowerCase()}${entry.head.slice(1)}`,
      `Licence: ${entry.licence}. Read about the model at ${pageOf(entry)}.`,
      checksumKnown
        ? 'The weights are checked against their published SHA-256.'
        : 'No checksum of the weights is known beforehand: they are checked against what the host ' +
          'announces, if it does, and their checksum is recorded now and demanded from then on.',
    ].map(harmless),
  };
}
