// What a package says of itself: the README, the notices of what others made, the bill of materials.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { components } from '../licences/components.mjs';
import { notices } from '../licences/notices.mjs';
import { sbom } from '../licences/sbom.mjs';
import { selfContained } from '../release/self-contained.mjs';

/**
 * Puts the notices into a staged folder, and the README's pictures into its README where there is no
 * repository to show them from.
 * @param {string} repository
 * @param {string} folder where `stage` was at work
 * @param {string} target e.g. `linux-arm64`
 * @returns {readonly string[]} a sentence for each licence text that the notices lack
 */
export function addPapers(repository, folder, target) {
  const parts = held(repository, folder, target);
  writeFileSync(path.join(folder, 'THIRD_PARTY_NOTICES.txt'), notices(target, parts));
  if (!manifestOf(repository).repository) {
    const readme = readFileSync(path.join(repository, 'README.md'), 'utf8');
    writeFileSync(path.join(folder, 'README.md'), selfContained(readme, repository));
  }
  return parts.flatMap(({ lacking }) => lacking ?? []);
}

/**
 * Writes the bill of materials beside a package.
 * @param {string} repository
 * @param {string} folder the staged folder
 * @param {string} target
 * @param {string} file the package
 */
export function writeSbom(repository, folder, target, file) {
  const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
  const made = { file: path.basename(file), sha256, created: new Date() };
  const document = sbom(target, held(repository, folder, target), manifestOf(repository), made);
  writeFileSync(sbomFile(file), `${JSON.stringify(document, null, 2)}\n`);
}

/** @param {string} file a package @returns {string} where its bill of materials lies */
export const sbomFile = (file) => file.replace(/\.vsix$/, '.spdx.json');

const readJson = (...names) => JSON.parse(readFileSync(path.join(...names), 'utf8'));
const manifestOf = (repository) => readJson(repository, 'package.json');
const held = (repository, folder, target) =>
  components(target, {
    bundled: path.join(repository, 'node_modules'),
    native: path.join(folder, 'node_modules'),
    outputs: readJson(folder, 'dist', 'outputs.json'),
  });
