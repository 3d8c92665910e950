// Makes a release of what is committed: npm run release -- patch|minor|major|X.Y.Z [--pre-release]
// Moves what CHANGELOG.md has under “Unreleased” under the new version, sets the version in
// package.json, package-lock.json and where docs name the container's, commits them and tags the
// commit. Pushing is left to you.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { missingAddresses } from './addresses.mjs';
import { released } from './changelog.mjs';
import { nextVersion } from './next-version.mjs';

const branch = 'main';
/** Where the container is named as `vit-explain:X.Y.Z`. */
const namingContainer = ['docs/cluster.md', 'docs/cluster/job.yaml'];
const files = ['package.json', 'package-lock.json', 'CHANGELOG.md', ...namingContainer];

/** Does it in the current folder, and returns what there is to say. */
function release(step, preRelease) {
  const git = (...args) => execFileSync('git', args, { encoding: 'utf8' }).trim();
  const read = (file) => readFileSync(path.resolve(file), 'utf8');
  const current = git('branch', '--show-current');
  if (current !== branch) {
    throw new Error(
      `Releases are made of the branch ${branch}; this is ${current === '' ? 'none: a commit was checked out by itself' : current}. First: git switch ${branch}`,
    );
  }
  const changed = git('status', '--porcelain');
  if (changed !== '') {
    throw new Error(
      `There are changes that are not committed. Commit or stash them first:\n${changed}`,
    );
  }
  const manifest = JSON.parse(read('package.json'));
  const version = nextVersion(manifest.version, step, preRelease);
  const tag = `v${version}`;
  if (git('tag', '--list', tag) !== '') throw new Error(`There is a tag ${tag} already.`);
  const changelog = released(read('CHANGELOG.md'), version, new Date().toISOString().slice(0, 10));
  const lock = JSON.parse(read('package-lock.json'));
  lock.version = version;
  lock.packages[''].version = version;
  const container = `vit-explain:${manifest.version}`;
  const named = namingContainer.map((file) => [file, read(file)]);
  for (const [file, text] of named)
    if (!text.includes(container)) throw new Error(`${file} does not name ${container}.`);

  write('package.json', { ...manifest, version });
  write('package-lock.json', lock);
  writeFileSync('CHANGELOG.md', changelog);
  for (const [file, text] of named)
    writeFileSync(file, text.replaceAll(container, `vit-explain:${version}`));
  try {
    git('commit', '--quiet', '--message', `Release ${version}`, '--', ...files);
  } catch {
    git('checkout', '--quiet', 'HEAD', '--', ...files);
    throw new Error('git did not commit, for the reason above. Nothing is changed.');
  }
  git('tag', '--annotate', tag, '--message', `Release ${version}`);
  return [
    `${version}${preRelease ? ', a pre-release,' : ''} is committed and tagged ${tag}.`,
    ...missingAddresses(manifest),
    `Publish it with: git push --atomic origin HEAD ${tag}`,
  ];
}

const write = (file, content) => writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);

try {
  const { values, positionals } = parseArgs({
    options: { 'pre-release': { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const [step, ...more] = positionals;
  if (step === undefined || more.length > 0)
    throw new Error('npm run release -- patch|minor|major|X.Y.Z [--pre-release]');
  for (const line of release(step, values['pre-release'])) console.log(line);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
