import path from 'node:path';

/** Where the small picture of a file lies; two letters a folder keep folders small. */
export function thumbnailFile(folder: string, sha256: string): string {
  return path.join(folder, sha256.slice(0, 2), `${sha256}.jpg`);
}
