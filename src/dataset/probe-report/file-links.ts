/** Links of a report that is a file: to the pictures where they lie. */
import path, { type PlatformPath } from 'node:path';
import type { ReportLinks } from './probe-report-html';

/**
 * @param folder that the report is written to
 * @param root that the names of pictures are relative to
 */
export function fileLinks(folder: string, root: string, flavour: PlatformPath = path): ReportLinks {
  const link = (name: string): string => {
    const way = flavour.relative(folder, flavour.resolve(root, name));
    const encoded = way.split(flavour.sep).map(encodeURIComponent).join('/');
    if (!flavour.isAbsolute(way)) return encoded;
    // On another drive (`D:\\…`), or on a host of the network (`\\\\host\\…`).
    return way.startsWith(flavour.sep)
      ? `file:${encoded}`
      : `file:///${encoded.replace('%3A', ':')}`;
  };
  return { picture: link, explanation: link, pictureSources: `'self' file:` };
}
