// Licence texts that do not lie in the packages themselves; README.md says where each is from.
import { readFileSync } from 'node:fs';
import path from 'node:path';

const folder = path.join(import.meta.dirname, 'texts');

/**
 * @param {string} name Such as `LGPL-3.0`.
 * @returns {string} The text in `texts/NAME.txt`.
 */
export const keptText = (name) => readFileSync(path.join(folder, `${name}.txt`), 'utf8').trim();
