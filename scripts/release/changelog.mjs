// CHANGELOG.md: what is unreleased becomes a version's, and a version's notes are read from it.

const unreleased = '## [Unreleased]';

/**
 * @param {string} text CHANGELOG.md as it is.
 * @param {string} version
 * @param {string} day Such as 2026-01-31.
 * @returns {string} CHANGELOG.md with what was unreleased under the version.
 * @throws {Error} where nothing is unreleased, or the version is there already.
 */
export function released(text, version, day) {
  if (notesOf(text, version) !== undefined)
    throw new Error(`CHANGELOG.md has a section of ${version} already.`);
  if (!/^[-*] /m.test(section(text, unreleased) ?? '')) {
    throw new Error(
      'CHANGELOG.md says nothing under “Unreleased”. Say there what changes for the people who use it.',
    );
  }
  return text.replace(unreleased, () => `${unreleased}\n\n## [${version}] - ${day}`);
}

/**
 * @param {string} text CHANGELOG.md.
 * @param {string} version
 * @returns {string | undefined} What it says of the version, without the heading.
 */
export const notesOf = (text, version) => section(text, `## [${version}]`);

function section(text, heading) {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line === heading || line.startsWith(`${heading} - `));
  if (start < 0) return undefined;
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => line.startsWith('## ') || /^\[.+\]: /.test(line));
  return rest
    .slice(0, end < 0 ? undefined : end)
    .join('\n')
    .trim();
}
