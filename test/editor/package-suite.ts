/** What is in the package: all that is needed, nothing else, and not too much of it. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Surroundings } from './surroundings';

const mostMegabytes = 45;

/** What the editor reads when a file of a common language starts the extension: all else comes on demand. */
const readAtStart = ['extension.js', 'extension-chunk.js'];
const mostKilobytesAtStart = 60;

const needed = [
  'package.json',
  'package.nls.json',
  'schemas/vit.schema.json',
  'THIRD_PARTY_NOTICES.txt',
  'media/icon.png',
  'media/icon-preview.svg',
  'models/starter/model.onnx',
  'models/starter/labels.json',
  'node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime.so.1',
  'node_modules/@img/sharp-linux-x64/lib/sharp-linux-x64-0.35.5.node',
];

const allowed =
  /^(package(\.nls)?\.json|readme\.md|changelog\.md|LICENSE.*|THIRD_PARTY_NOTICES\.txt|dist\/(extension(-chunk|-parts)?|worker|(picture|evaluation)-thread|svg-process)\.js|dist\/model-runner\.mjs|dist\/(panel|gallery|compare|evaluation|model)\.(js|css)|schemas\/vit\.schema\.json|media\/(icon(-preview)?\.(png|svg)|(walkthrough|samples|screenshots)\/[\w.-]+)|models\/starter\/[\w.-]+|node_modules\/(onnxruntime-(node|common)|sharp|@img\/[\w-]+|detect-libc|semver)\/.+)$/i;

const otherPlatforms = /\/(darwin|win32|linux\/arm64)\/|sharp-(?!linux-x64|libvips-linux-x64)/;

export async function packageSuite({ repository, vsix, recorder }: Surroundings): Promise<void> {
  if (vsix === undefined) return;
  await recorder.check(`package: smaller than ${mostMegabytes} MB`, async () => {
    const megabytes = statSync(vsix).size / 1e6;
    assert.ok(megabytes < mostMegabytes, `it has ${megabytes.toFixed(1)} MB`);
    return Promise.resolve();
  });
  await recorder.check(`package: it starts with less than ${mostKilobytesAtStart} kB`, async () => {
    const sizes = readAtStart.map((name) => statSync(path.join(repository, 'dist', name)).size);
    const kilobytes = sizes.reduce((sum, size) => sum + size) / 1e3;
    assert.ok(kilobytes < mostKilobytesAtStart, `it reads ${kilobytes.toFixed(1)} kB`);
    return Promise.resolve();
  });
  await recorder.check('package: all that is needed, and nothing that is not', async () => {
    const names = namesIn(readFileSync(vsix))
      .filter((name) => name.startsWith('extension/'))
      .map((name) => name.slice('extension/'.length));
    const built = readdirSync(path.join(repository, 'dist'))
      .filter((name) => /\.(js|css)$/.test(name) && name !== 'cli.js')
      .map((name) => `dist/${name}`);
    for (const name of [...needed, ...built]) assert.ok(names.includes(name), `${name} is missing`);
    const strange = names.filter((name) => !allowed.test(name) || otherPlatforms.test(name));
    assert.deepEqual(strange, []);
    return Promise.resolve();
  });
}

/** Names of a ZIP archive's members, from its central directory (APPNOTE 6.3.10, 4.3.12 and 4.3.16). */
function namesIn(archive: Buffer): string[] {
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06'));
  assert.notEqual(end, -1, 'it is a ZIP archive');
  const names: string[] = [];
  let at = archive.readUInt32LE(end + 16);
  for (let count = archive.readUInt16LE(end + 10); count > 0; count -= 1) {
    const length = archive.readUInt16LE(at + 28);
    names.push(archive.toString('utf8', at + 46, at + 46 + length));
    at += 46 + length + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return names;
}
