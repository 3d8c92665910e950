// Writes the notices and the bill of materials of packages.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { components } from './components.mjs';
import { notices } from './notices.mjs';
import { sbom } from './sbom.mjs';

const repository = path.resolve(import.meta.dirname, '../..');
const read = (file) => JSON.parse(readFileSync(path.join(repository, file), 'utf8'));
/** @param {string} target @param {string} modules The folder node_modules of that platform. */
const held = (target, modules) =>
  components(target, { modules, metafile: { outputs: read('dist/outputs.json') } });

/**
 * Writes the text that goes into the package as THIRD_PARTY_NOTICES.txt. The bundles have to be
 * built before.
 * @param {string} target Such as `linux-x64`.
 * @param {{ file?: string, modules?: string }} [places] The file, and the folder node_modules with
 *   the platform's binaries.
 */
export function writeNotices(target, places = {}) {
  const { file = path.join(repository, 'THIRD_PARTY_NOTICES.txt') } = places;
  const { modules = path.join(repository, 'node_modules') } = places;
  writeFileSync(file, notices(target, held(target, modules)));
}

/**
 * Writes `NAME.spdx.json` beside a package `NAME.vsix`.
 * @param {string} target
 * @param {string} vsix The package's path.
 * @param {{ modules?: string }} [places]
 * @returns {string} The path of what was written.
 */
export function writeSbom(target, vsix, places = {}) {
  const { modules = path.join(repository, 'node_modules') } = places;
  const sha256 = createHash('sha256').update(readFileSync(vsix)).digest('hex');
  const made = { file: path.basename(vsix), sha256, created: new Date() };
  const document = sbom(target, held(target, modules), read('package.json'), made);
  const file = vsix.replace(/\.vsix$/, '.spdx.json');
  writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`);
  return file;
}
