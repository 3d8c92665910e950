// What a package of one platform holds that others made: each part with its version, its licence as
// an SPDX expression, and the texts that go with it.
import { bundledPackages } from './bundled.mjs';
import { linkedLibraries } from './linked-libraries.mjs';
import { nativePackages } from './native.mjs';
import { npmPackage } from './npm-package.mjs';
import { shippedData } from './shipped-data.mjs';

/**
 * @typedef {object} Component
 * @property {string} name
 * @property {string} version Empty where there is none.
 * @property {string} licence SPDX expression.
 * @property {readonly string[]} texts The licence's texts, whole.
 * @property {string} [about] A sentence on what it is or where it is from.
 * @property {string} [purl] Package URL, where a registry has it.
 * @property {{ address: string, sha512: string }} [archive] What npm installed, the digest in
 *   hexadecimal digits.
 * @property {string} [lacking] Why a text is not here, and where it is; then `texts` may be empty.
 */

/**
 * @typedef {object} Places
 * @property {string} bundled The folder node_modules that the programs were bundled from.
 * @property {string} native The one with the platform's binaries.
 * @property {import('esbuild').Metafile['outputs']} outputs What esbuild says of the bundles.
 */

/**
 * All components of the package for one platform, in the order of their names.
 * @param {string} target Such as `linux-x64`.
 * @param {Places} places
 * @returns {readonly Component[]}
 * @throws {Error} where a part has no known licence, as a sentence.
 */
export function components(target, { bundled, native, outputs }) {
  const packages = [
    ...bundledPackages(outputs).map((name) => npmPackage(bundled, name)),
    ...nativePackages(target).map((name) => npmPackage(native, name)),
  ];
  const all = [...packages, ...linkedLibraries(native, target), ...shippedData()];
  const byName = new Map(all.map((component) => [component.name, component]));
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
