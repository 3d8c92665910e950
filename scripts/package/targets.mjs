import { readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The platforms that ONNX Runtime and sharp both have binaries for, each with the size that its
 * package stays below. No universal package is made, so that the marketplace refuses the others
 * (macOS on Intel, Alpine, the web) with a sentence of its own instead of installing what cannot run.
 */
export const targets = {
  'linux-x64': { mostMegabytes: 42 },
  'linux-arm64': { mostMegabytes: 34 },
  'darwin-arm64': { mostMegabytes: 38 },
  'win32-x64': { mostMegabytes: 54 },
  'win32-arm64': { mostMegabytes: 54 },
};

/** The platform that this Node runs on, as VS Code names it. */
export const ownTarget = `${process.platform}-${process.arch}`;

/**
 * Where a package lies, for the version that package.json states.
 * @param {string} repository
 * @param {string} target
 */
export function packageFile(repository, target) {
  const { name, version } = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8'));
  return path.join(repository, `${name}-${target}-${version}.vsix`);
}
