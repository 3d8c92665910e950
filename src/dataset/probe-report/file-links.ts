/** Links of a report that is a file: to the pictures where they lie. */
import path from 'node:path';
import type { ReportLinks } from './probe-report-html';

/**
 * @param folder that the report is written to
 * @param root that the names of pictures are relative to
 */
export function fileLinks(folder: string, root: string): ReportLinks {
  const link = (name: string) =>
    path.relative(folder, path.join(root, name)).split(path.sep).map(encodeURIComponent).join('/');
  return { picture: link, explanation: link, pictureSources: `'self' file:` };
}
