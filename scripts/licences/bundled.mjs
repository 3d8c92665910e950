// Which packages esbuild put into the programs that ship.
import path from 'node:path';

/** Programs of the repository that are not in the extension's package. */
const notShipped = ['cli.js'];

/**
 * Names of the packages of which at least a byte is in a bundle that ships.
 * @param {import('esbuild').Metafile['outputs']} outputs What esbuild says of the bundles.
 * @returns {readonly string[]}
 */
export function bundledPackages(outputs) {
  const names = new Set();
  for (const [file, { inputs }] of Object.entries(outputs)) {
    if (notShipped.includes(path.basename(file))) continue;
    for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
      const name = packageOf(input);
      if (name !== undefined && bytesInOutput > 0) names.add(name);
    }
  }
  return [...names].sort();
}

/** `a/node_modules/@b/c/d.js` is of `@b/c`; a file of our own is of none. */
function packageOf(input) {
  const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input) ?? [];
  return name;
}
