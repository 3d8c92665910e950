/** A release is one command: version, changelog, commit and tag. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { missingAddresses } from '../../scripts/release/addresses.mjs';
import { notesOf, released } from '../../scripts/release/changelog.mjs';
import { isPreRelease, nextVersion } from '../../scripts/release/next-version.mjs';
import { vsceArguments } from '../../scripts/release/vsce-arguments.mjs';

const repository = path.resolve(import.meta.dirname, '../..');
const changelog = `# Changelog

## [Unreleased]

### Added

- A thing.

## [0.2.0] - 2026-01-31

- The thing before.

[0.2.0]: https://example.org
`;

describe('the next version', () => {
  it.each([
    ['0.2.0', 'patch', false, '0.2.1'],
    ['0.2.9', 'minor', false, '0.4.0'],
    ['0.1.0', 'minor', false, '0.2.0'],
    ['0.2.3', 'minor', true, '0.3.0'],
    ['0.3.0', 'patch', true, '0.3.1'],
    ['0.3.1', 'minor', true, '0.5.0'],
    ['0.3.1', 'major', false, '1.0.0'],
    ['0.3.1', 'major', true, '1.1.0'],
    ['0.9.9', '0.10.0', false, '0.10.0'],
  ])('after %s by %s, pre-release: %s, is %s', (current, step, preRelease, next) => {
    expect(nextVersion(current, step, preRelease)).toBe(next);
    expect(isPreRelease(next)).toBe(preRelease);
  });

  it.each([
    ['0.1.0', 'patch', false, /0\.1\.1 would be a pre-release/],
    ['0.2.0', 'patch', true, /0\.2\.1 would be a release/],
    ['0.2.0', '0.2.0', false, /does not follow/],
    ['1.0.0', '0.9.9', false, /does not follow/],
    ['1.0.0', '1.2.0-beta', false, /no version such as/],
  ])('after %s is not %s, pre-release: %s', (current, step, preRelease, why) => {
    expect(() => nextVersion(current, step, preRelease)).toThrow(why);
  });
});

describe('the changelog', () => {
  it('has what was unreleased under the version, and a new empty place above it', () => {
    const after = released(changelog, '0.4.0', '2026-02-01');
    expect(after).toContain(
      '## [Unreleased]\n\n## [0.4.0] - 2026-02-01\n\n### Added\n\n- A thing.',
    );
    expect(notesOf(after, '0.4.0')).toBe('### Added\n\n- A thing.');
    expect(notesOf(after, '0.2.0')).toBe('- The thing before.');
    expect(notesOf(after, '0.6.0')).toBeUndefined();
  });

  it('is refused where there is nothing to say', () => {
    const after = released(changelog, '0.4.0', '2026-02-01');
    expect(() => released(after, '0.6.0', '2026-02-02')).toThrow(/nothing under “Unreleased”/);
    expect(() => released(changelog, '0.2.0', '2026-02-02')).toThrow(/has a section of 0\.2\.0/);
  });

  it('of this project can be released', () => {
    const own = readFileSync(path.join(repository, 'CHANGELOG.md'), 'utf8');
    expect(notesOf(own, 'Unreleased')).toBeDefined();
  });
});

it('addresses that are not filled in are told one by one', () => {
  const all = { repository: 'a', bugs: 'b', homepage: 'c', qna: false };
  expect(missingAddresses(all)).toEqual([]);
  expect(missingAddresses({ ...all, bugs: '' })).toEqual([
    'package.json has no “bugs” (where problems are reported).',
  ]);
});

it('a package is made with and without addresses, for the channel of its version', () => {
  expect(vsceArguments({ version: '0.1.0' })).toEqual([
    '--pre-release',
    '--allow-missing-repository',
    '--no-rewrite-relative-links',
  ]);
  expect(vsceArguments({ version: '0.2.0', repository: 'https://example.org/a.git' })).toEqual([]);
});

describe('npm run release', () => {
  let folder = '';
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim();
  const write = (file: string, content: string): void => {
    writeFileSync(path.join(folder, file), content);
  };
  const read = (file: string): string => readFileSync(path.join(folder, file), 'utf8');
  const run = (script: string, ...args: readonly string[]) =>
    spawnSync(process.execPath, [path.join(repository, 'scripts/release', script), ...args], {
      cwd: folder,
      encoding: 'utf8',
    });

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'release-'));
    git('init', '--quiet', '--initial-branch=main');
    git('config', 'user.name', 'A Tester');
    git('config', 'user.email', 'tester@example.org');
    git('config', 'commit.gpgsign', 'false');
    git('config', 'tag.gpgsign', 'false');
    const version = '0.1.0';
    write('package.json', `${JSON.stringify({ name: 'a', version, bugs: 'b' }, null, 2)}\n`);
    const lock = { name: 'a', version, packages: { '': { name: 'a', version } } };
    write('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
    write('CHANGELOG.md', changelog.replaceAll('0.2.0', '0.0.9'));
    mkdirSync(path.join(folder, 'docs/cluster'), { recursive: true });
    write('docs/cluster.md', 'podman build -t registry.example.org/vit-explain:0.1.0 .\n');
    write('docs/cluster/job.yaml', 'image: registry.example.org/vit-explain:0.1.0\n');
    git('add', '.');
    git('commit', '--quiet', '--message', 'Begin');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('moves the changelog, sets the version, commits and tags', () => {
    const { status, stdout } = run('release.mjs', 'minor');
    expect(status).toBe(0);
    expect(stdout).toContain('0.2.0 is committed and tagged v0.2.0.');
    expect(stdout).toContain('has no “repository”');
    expect(stdout).not.toContain('has no “bugs”');
    expect(git('log', '--format=%s')).toBe('Release 0.2.0\nBegin');
    expect(git('describe', '--exact-match')).toBe('v0.2.0');
    expect(git('status', '--porcelain')).toBe('');
    expect(git('show', '--format=', '--name-only').split('\n').sort()).toEqual([
      'CHANGELOG.md',
      'docs/cluster.md',
      'docs/cluster/job.yaml',
      'package-lock.json',
      'package.json',
    ]);
    for (const file of ['docs/cluster.md', 'docs/cluster/job.yaml'])
      expect(read(file)).toMatch(/example\.org\/vit-explain:0\.2\.0\b/);
    expect(JSON.parse(read('package.json'))).toEqual({ name: 'a', version: '0.2.0', bugs: 'b' });
    expect(read('package-lock.json').match(/"version": "0\.2\.0"/g)).toHaveLength(2);
    expect(read('CHANGELOG.md')).toMatch(/^## \[0\.2\.0\] - \d{4}-\d\d-\d\d$/m);

    const notes = run('notes.mjs', 'v0.2.0');
    expect([notes.status, notes.stdout]).toEqual([0, '### Added\n\n- A thing.\n']);
    expect(run('notes.mjs', 'v0.3.0').stderr).toContain('package.json has version 0.2.0');

    const again = run('release.mjs', 'patch');
    expect([again.status, again.stdout]).toEqual([1, '']);
    expect(again.stderr).toContain('nothing under “Unreleased”');
  });

  it('makes a pre-release of an odd minor number', () => {
    const { stdout } = run('release.mjs', 'patch', '--pre-release');
    expect(stdout).toContain('0.1.1, a pre-release, is committed and tagged v0.1.1.');
  });

  it('changes nothing where the docs name another container', () => {
    write('docs/cluster.md', 'podman build -t registry.example.org/vit-explain:0.0.9 .\n');
    git('commit', '--quiet', '--all', '--message', 'Another container');
    const { status, stderr } = run('release.mjs', 'minor');
    expect([status, stderr]).toEqual([1, 'docs/cluster.md does not name vit-explain:0.1.0.\n']);
    expect(git('status', '--porcelain')).toBe('');
  });

  it('changes nothing where something is not committed, or cannot be', () => {
    const untouched = git('rev-parse', 'HEAD');
    write('more.txt', 'more');
    expect(run('release.mjs', 'minor').stderr).toContain('changes that are not committed');
    rmSync(path.join(folder, 'more.txt'));
    git('switch', '--quiet', '--create', 'beside');
    expect(run('release.mjs', 'minor').stderr).toMatch(/this is beside\. First: git switch main/);
    git('switch', '--quiet', '--detach', 'main');
    expect(run('release.mjs', 'minor').stderr).toContain('a commit was checked out by itself');
    git('switch', '--quiet', 'main');
    git('tag', 'v0.2.0');
    expect(run('release.mjs', 'minor').stderr).toContain('a tag v0.2.0 already');
    expect(run('release.mjs').stderr).toContain('npm run release -- patch|minor|major');
    expect(run('release.mjs', 'patch').stderr).toContain('0.1.1 would be a pre-release');
    git('tag', '--delete', 'v0.2.0');
    mkdirSync(path.join(folder, '.git/hooks'), { recursive: true });
    write('.git/hooks/pre-commit', '#!/bin/sh\necho refused >&2; exit 1\n');
    chmodSync(path.join(folder, '.git/hooks/pre-commit'), 0o755);
    expect(run('release.mjs', 'minor').stderr).toMatch(/refused\n.*Nothing is changed\./);
    expect(git('rev-parse', 'HEAD')).toBe(untouched);
    expect(git('status', '--porcelain')).toBe('');
  });
});
