// A README whose pictures are inside it. Of an installed extension's README editors draw pictures of
// https: addresses, older ones of data: addresses too, but none that lies beside it.
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
