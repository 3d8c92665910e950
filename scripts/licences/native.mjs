// The packages that ship as files of their own, because they hold or load binaries.

const ofAllPlatforms = [
  'onnxruntime-node',
  'onnxruntime-common',
  'sharp',
  '@img/colour',
  'detect-libc',
  'semver',
];

/** sharp's binaries for a platform: on Windows libvips lies in the same package. */
export const sharpPackage = (target) => `@img/sharp-${target}`;
export const libvipsPackage = (target) =>
  target.startsWith('win32') ? sharpPackage(target) : `@img/sharp-libvips-${target}`;

/**
 * @param {string} target
 * @returns {readonly string[]} Names of packages.
 */
export function nativePackages(target) {
  return [...new Set([...ofAllPlatforms, sharpPackage(target), libvipsPackage(target)])];
}
