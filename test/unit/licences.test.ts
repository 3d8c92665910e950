/** Whatever ships has a licence with its text, and a place in the bill of materials. */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundledPackages } from '../../scripts/licences/bundled.mjs';
import { components } from '../../scripts/licences/components.mjs';
import { linkedLibraries } from '../../scripts/licences/linked-libraries.mjs';
import { libvipsPackage } from '../../scripts/licences/native.mjs';
import { notices } from '../../scripts/licences/notices.mjs';
import { npmPackage } from '../../scripts/licences/npm-package.mjs';
import { sbom } from '../../scripts/licences/sbom.mjs';
import { spdxDocument } from '../spdx-document';

const repository = path.resolve(import.meta.dirname, '../..');
const modules = path.join(repository, 'node_modules');
const target = `${process.platform}-${process.arch}`;
const scratch = mkdtempSync(path.join(tmpdir(), 'licences-'));
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

type Outputs = Parameters<typeof bundledPackages>[0];
let outputs: Outputs = {};
let held: ReturnType<typeof components> = [];
beforeAll(() => {
  const file = path.join(repository, 'dist/outputs.json');
  if (!existsSync(file)) execFileSync(process.execPath, ['esbuild.mjs'], { cwd: repository });
  outputs = JSON.parse(readFileSync(file, 'utf8')) as Outputs;
  held = components(target, { bundled: modules, native: modules, outputs });
});

/** A folder node_modules with what is given as files. */
function modulesWith(files: Readonly<Record<string, object>>): string {
  const folder = mkdtempSync(path.join(scratch, 'modules-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), JSON.stringify(content));
  }
  return folder;
}

describe('the parts of a package', () => {
  it('are the packages of which something is in a bundle that ships', () => {
    const output = (inputs: Record<string, number>): Outputs[string] => ({
      bytes: 1,
      imports: [],
      exports: [],
      inputs: Object.fromEntries(
        Object.entries(inputs).map(([file, bytesInOutput]) => [file, { bytesInOutput }]),
      ),
    });
    const found = bundledPackages({
      'dist/worker.js': output({
        'src/worker/main.ts': 5,
        'node_modules/tar/index.js': 7,
        'node_modules/@a/b/node_modules/@c/d/e.js': 1,
        'node_modules/shaken-off/index.js': 0,
      }),
      'dist/cli.js': output({ 'node_modules/of-the-command-line/index.js': 9 }),
    });
    expect(found).toEqual(['@c/d', 'tar']);
  });

  it('have a licence that SPDX knows, and its text', () => {
    expect(held.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['preact', 'onnxruntime-node', 'sharp', 'libvips', 'glib']),
    );
    for (const { name, texts } of held) {
      expect([name, texts.length > 0]).toEqual([name, true]);
      for (const text of texts) expect(text.length).toBeGreaterThan(200);
    }
  });

  it('are refused without a licence text', () => {
    const bare = modulesWith({ 'bare/package.json': { version: '1.0.0', license: 'MIT' } });
    expect(() => npmPackage(bare, 'bare')).toThrow(/bare 1\.0\.0 would ship without a licence/);
  });

  it('are refused where a library inside a binary is not known', () => {
    const versions = { vips: '8.0.0', novelty: '1.0.0' };
    const folder = modulesWith({ [`${libvipsPackage(target)}/versions.json`]: versions });
    expect(() => linkedLibraries(folder, target)).toThrow(/holds novelty, of which/);
  });

  it.each(['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64', 'win32-arm64'])(
    'are known for %s, but for what is said to be lacking',
    (platform) => {
      const folder = modulesWith({});
      mkdirSync(path.join(folder, libvipsPackage(platform)), { recursive: true });
      cpSync(
        path.join(modules, libvipsPackage(target), 'versions.json'),
        path.join(folder, libvipsPackage(platform), 'versions.json'),
      );
      const runtime = path.join(modules, 'onnxruntime-node');
      symlinkSync(runtime, path.join(folder, 'onnxruntime-node'), 'junction');
      const lacking = linkedLibraries(folder, platform).filter(({ texts }) => texts.length === 0);
      expect(lacking.map(({ name }) => name)).toEqual(
        platform.startsWith('win32') ? ['DirectML', 'DirectX IL signing library'] : [],
      );
      for (const part of lacking) expect(part.lacking).toMatch(/ are in .* of /);
    },
  );
});

describe('the notices', () => {
  it('list every part with its text, and texts that are shared once', () => {
    const text = notices(target, held);
    for (const { name, licence, texts } of held) {
      expect(text).toContain(`\n${name}`);
      expect(text).toContain(`Licence: ${licence}`);
      for (const one of texts) expect(text).toContain(one);
    }
    const distinct = new Set(held.flatMap(({ texts }) => texts));
    const least = [...distinct].reduce((sum, { length }) => sum + length, 0);
    expect(text.length).toBeLessThan(least + 1000 * held.length);
  });

  it('acknowledge what licences want acknowledged', () => {
    const text = notices(target, held);
    expect(text).toContain('based in part on the work of the Independent JPEG Group');
    expect(text).toContain('danielbuechele');
    expect(text).toContain('THIRD PARTY SOFTWARE NOTICES AND INFORMATION');
  });
});

describe('the bill of materials', () => {
  const manifest = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
    readonly license: string;
  };
  const made = { file: 'a.vsix', sha256: 'ab'.repeat(32), created: new Date(0) };

  it('is an SPDX 2.3 document that lists every part once', () => {
    const document = v.parse(spdxDocument, sbom(target, held, manifest, made));
    const [root, ...parts] = document.packages;
    expect(root).toMatchObject({ packageFileName: 'a.vsix', versionInfo: manifest.version });
    expect(parts.map(({ name }) => name)).toEqual(held.map(({ name }) => name));
    const ids = document.packages.map(({ SPDXID }) => SPDXID);
    expect(new Set(ids).size).toBe(ids.length);
    const [describes, ...contains] = document.relationships;
    expect(describes).toEqual({
      spdxElementId: document.SPDXID,
      relationshipType: 'DESCRIBES',
      relatedSpdxElement: root?.SPDXID,
    });
    expect(contains.map(({ relatedSpdxElement }) => relatedSpdxElement)).toEqual(ids.slice(1));
  });

  it('says which archive each package of npm is from, and its digest', () => {
    const { packages } = v.parse(spdxDocument, sbom(target, held, manifest, made));
    const ofNpm = packages.filter(({ externalRefs }) => externalRefs);
    expect(ofNpm.length).toBeGreaterThan(10);
    for (const { name, versionInfo = '', downloadLocation, checksums } of ofNpm) {
      const archive = `${path.posix.basename(name)}-${versionInfo}.tgz`;
      expect(downloadLocation).toBe(`https://registry.npmjs.org/${name}/-/${archive}`);
      expect(checksums?.map(({ algorithm }) => algorithm)).toEqual(['SHA512']);
    }
  });

  it('has the text of every licence that is not on SPDX’s list', () => {
    const document = v.parse(spdxDocument, sbom(target, held, manifest, made));
    const used = JSON.stringify(document.packages).match(/LicenseRef-[\w.-]+/g) ?? [];
    const stated = document.hasExtractedLicensingInfos.map(({ licenseId }) => licenseId);
    expect([...new Set(used)].sort()).toEqual([...stated].sort());
    expect(stated.length).toBeGreaterThan(0);
  });
});
