// A README whose pictures are inside it. The editor shows an installed extension's README with
// pictures of https: and data: addresses only, so a picture beside it would not be drawn.
import { readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * @param {string} markdown
 * @param {string} folder What the pictures' paths are relative to.
 * @returns {string} The same with every picture of a PNG file as a data: address.
 */
export const selfContained = (markdown, folder) =>
  markdown.replace(/(!\[[^\]]*\])\((?!\w+:)([^)\s]+\.png)\)/g, (_, shown, file) => {
    const bytes = readFileSync(path.join(folder, file));
    return `${shown}(data:image/png;base64,${bytes.toString('base64')})`;
  });
