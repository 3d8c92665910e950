// Versions as VS Code's marketplace wants them: it knows no suffixes, so pre-releases have an odd
// minor number and releases an even one
// (https://code.visualstudio.com/api/working-with-extensions/publishing-extension#prerelease-extensions).

/** @param {string} version @returns {boolean} whether it belongs to the pre-release channel */
export const isPreRelease = (version) => parsed(version)[1] % 2 === 1;

/**
 * @param {string} current
 * @param {string} step `patch`, `minor`, `major`, or a version.
 * @param {boolean} preRelease Whether it is to be a pre-release.
 * @returns {string} The version that follows; of a channel's own numbers for `minor` and `major`.
 * @throws {Error} where that version is of the other channel, or does not follow.
 */
export function nextVersion(current, step, preRelease) {
  const [major, minor, patch] = parsed(current);
  const wanted = preRelease ? 1 : 0;
  const next =
    step === 'patch'
      ? [major, minor, patch + 1]
      : step === 'minor'
        ? [major, minor + 1 + ((minor + 1 + wanted) % 2), 0]
        : step === 'major'
          ? [major + 1, wanted, 0]
          : parsed(step);
  const version = next.join('.');
  if (!follows(next, [major, minor, patch]))
    throw new Error(`${version} does not follow ${current}. Name a higher version.`);
  if (isPreRelease(version) !== preRelease) {
    throw new Error(
      preRelease
        ? `${version} would be a release: pre-releases have an odd minor number. Take minor, or leave --pre-release out.`
        : `${version} would be a pre-release: releases have an even minor number. Take minor, or add --pre-release.`,
    );
  }
  return version;
}

function parsed(version) {
  const numbers = /^(\d+)\.(\d+)\.(\d+)$/.exec(version)?.slice(1).map(Number);
  if (numbers === undefined)
    throw new Error(`“${version}” is no version such as 1.2.3, nor patch, minor or major.`);
  return numbers;
}

function follows(next, current) {
  const differing = next.findIndex((number, index) => number !== current[index]);
  return differing >= 0 && next[differing] > current[differing];
}
