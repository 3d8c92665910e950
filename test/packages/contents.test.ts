/** What is in each platform's package: all that it needs there, nothing else, and not too much of it. */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { packageFile, targets } from '../../scripts/package/targets.mjs';
import { leastSystem } from '../../src/service/native-libraries';
import { later, nativeBinary } from './native-binary';
import { isOfSystem } from './system-libraries';
import { extensionMembers, vsixManifest, type Member } from './vsix';

const repository = path.resolve(import.meta.dirname, '../..');

/** Of what the editor reads when a file of a common language starts the extension: all else comes on demand. */
const mostKilobytesAtStart = 12;

const programs = [
  ...['extension', 'worker', 'picture-thread', 'evaluation-thread', 'svg-process'],
  ...['panel', 'gallery', 'compare', 'evaluation', 'model'],
];
const pages = ['panel', 'gallery', 'compare', 'evaluation', 'model'];

const needed = [
  ...programs.map((name) => `dist/${name}.js`),
  ...pages.map((name) => `dist/${name}.css`),
  ...['dist/model-runner.mjs', 'package.json', 'package.nls.json', 'schemas/vit.schema.json'],
  ...['media/icon.png', 'media/icon.svg', 'media/icon-preview.svg'],
  ...['models/starter/model.onnx', 'models/starter/labels.json', 'models/starter/model.json'],
  ...['readme.md', 'changelog.md', 'THIRD_PARTY_NOTICES.txt'],
];

const allowed = [
  new RegExp(`^(${needed.map((name) => name.replaceAll('.', '\\.')).join('|')})$`),
  /^dist\/extension-[\w-]+-\w+\.js$/,
  /^(LICENSE[\w.]*|(media\/(walkthrough|samples|screenshots)|models\/starter)\/[\w.-]+)$/,
  /^node_modules\/(onnxruntime-(node|common)|sharp|@img\/[\w-]+|detect-libc|semver)\/.+$/,
];

/** Loaded by name when a graphics card compiles shaders, so no table of imports has them. */
const loadedByName = ['dxcompiler.dll', 'dxil.dll'];

describe.each(Object.entries(targets))('the package for %s', (target, { mostMegabytes }) => {
  const file = packageFile(repository, target);
  let members: readonly Member[] = [];
  const names = (): string[] => members.map(({ name }) => name);
  beforeAll(() => {
    if (!existsSync(file))
      throw new Error(`There is no ${path.basename(file)}: npm run package -- --all`);
    members = extensionMembers(file);
  });

  it(`is smaller than ${mostMegabytes} MB`, () => {
    expect(statSync(file).size / 1e6).toBeLessThan(mostMegabytes);
  });

  it('is offered on its platform alone', () => {
    expect(vsixManifest(file)).toContain(`TargetPlatform="${target}"`);
  });

  it('has all that is needed, and nothing that is not', () => {
    expect(needed.filter((name) => !names().includes(name))).toEqual([]);
    expect(names().filter((name) => !allowed.some((pattern) => pattern.test(name)))).toEqual([]);
  });

  it('has no source maps, and no tests of anyone', () => {
    expect(names().filter((name) => /\.(map|ts|tsx)$|\/(tests?|__tests__)\//.test(name))).toEqual(
      [],
    );
    const mapped = members.filter(
      ({ name, bytes }) => /^dist\/.*js$/.test(name) && bytes().includes('//# sourceMappingURL='),
    );
    expect(mapped.map(({ name }) => name)).toEqual([]);
  });

  it('has the native code of its platform and of no other, with every library that needs', () => {
    const binaries = members.flatMap(({ name, bytes }) => {
      const binary = nativeBinary(bytes());
      return binary ? [{ name: path.posix.basename(name), ...binary }] : [];
    });
    expect(new Set(binaries.map(({ platform }) => platform))).toEqual(new Set([target]));
    const entries = binaries.map(({ name }) => name).filter((name) => name.endsWith('.node'));
    expect(entries).toHaveLength(2);
    expect(entries).toContain('onnxruntime_binding.node');
    expect(entries.some((name) => name.startsWith(`sharp-${target}-`))).toBe(true);

    const there = new Set(binaries.map(({ name }) => name));
    const required = new Set(
      binaries.flatMap(({ needs }) => needs).filter((library) => !isOfSystem(library, target)),
    );
    const files = [...required].map((library) => path.posix.basename(library));
    expect(files.filter((library) => !there.has(library))).toEqual([]);
    // And none lies there that nothing loads.
    const loaded = [...entries, ...files, ...loadedByName];
    expect([...there].filter((name) => !loaded.includes(name))).toEqual([]);
  });

  it('asks no more of the system than is said', () => {
    const least: Record<string, string> = {};
    for (const { bytes } of members) {
      for (const [part, version] of Object.entries(nativeBinary(bytes())?.leastOf ?? {}))
        least[part] = later(least[part] ?? '0', version);
    }
    const most: Readonly<Record<string, string>> = {
      GLIBC: leastSystem.glibc,
      // What the libstdc++ of GCC 8 has (its manual, "ABI Policy and Guidelines").
      ...{ GLIBCXX: '3.4.25', CXXABI: '1.3.11' },
      macOS: `${leastSystem.macOS}.0`,
    };
    expect(leastSystem.gcc).toBe(8);
    const beyond = Object.entries(least).filter(
      ([part, version]) => part in most && later(version, most[part] ?? '0') !== most[part],
    );
    expect(beyond).toEqual([]);
    const [part] = target.startsWith('linux') ? ['GLIBC'] : ['macOS'];
    if (!target.startsWith('win32')) expect(least[part]).toBe(most[part]);
  });

  it(`lets the editor start with less than ${mostKilobytesAtStart} kB`, () => {
    const text = (name: string): string =>
      members
        .find((member) => member.name === `dist/${name}`)
        ?.bytes()
        .toString('utf8') ?? '';
    const read = new Set(['extension.js']);
    for (const name of read) {
      // What is loaded on demand is wrapped: `then(() => f(require(…)))`.
      const needs = text(name).matchAll(/(?<!\()require\("\.\/([\w-]+\.js)"\)/g);
      for (const [, other = ''] of needs) read.add(other);
    }
    expect(read.size).toBeGreaterThan(1);
    const bytes = [...read].reduce((sum, name) => sum + text(name).length, 0);
    expect(bytes / 1e3).toBeLessThan(mostKilobytesAtStart);
  });
});
