// What depends on the version and on the addresses when a package is made.
import { isPreRelease } from './next-version.mjs';

/**
 * @param {{ version: string, repository?: unknown }} manifest package.json.
 * @returns {readonly string[]} Arguments of `vsce package`. With a repository, links and pictures of
 *   the README lead there, as the marketplace's page needs it; without, they stay what they are, and
 *   the pictures are found in the package.
 */
export const vsceArguments = ({ version, repository }) => [
  ...(isPreRelease(version) ? ['--pre-release'] : []),
  ...(repository ? [] : ['--allow-missing-repository', '--no-rewrite-relative-links']),
];
