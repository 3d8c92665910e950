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
 * @property {string} [lacking] Why a text is not here, and where it is; then `texts` may be empty.
 */

/**
 * All components of the package for one platform, in the order of their names.
 * @param {string} target Such as `linux-x64`.
 * @param {{ modules: string, metafile: import('esbuild').Metafile }} from The folder node_modules
 *   with the platform's binaries, and what esbuild said of the bundles.
 * @returns {readonly Component[]}
 * @throws {Error} where a part has no known licence, as a sentence.
 */
export function components(target, { modules, metafile }) {
  const packages = [
    ...bundledPackages(metafile).map((name) => npmPackage(modules, name)),
    ...nativePackages(target).map((name) => npmPackage(modules, name)),
  ];
  const all = [...packages, ...linkedLibraries(modules, target), ...shippedData()];
  const byName = new Map(all.map((component) => [component.name, component]));
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
