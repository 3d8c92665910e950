/** The members of a package, which is a ZIP archive (APPNOTE 6.3.10, 4.3.7, 4.3.12 and 4.3.16). */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inflateRawSync } from 'node:zlib';

export interface Member {
  readonly name: string;
  readonly bytes: () => Buffer;
}

const folderInside = 'extension/';

/** @returns the extension's own files, by their names below its folder */
export function extensionMembers(file: string): readonly Member[] {
  return members(file)
    .filter(({ name }) => name.startsWith(folderInside))
    .map(({ name, bytes }) => ({ name: name.slice(folderInside.length), bytes }));
}

/** What marketplace and editor read of a package before they offer it. */
export function vsixManifest(file: string): string {
  const manifest = members(file).find(({ name }) => name === 'extension.vsixmanifest');
  assert.ok(manifest, 'it has a manifest');
  return manifest.bytes().toString('utf8');
}

/** Writes the extension's files as an editor does that installs it. */
export function unpack(file: string, folder: string): void {
  for (const { name, bytes } of extensionMembers(file)) {
    const target = path.join(folder, name);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, bytes());
  }
}

function members(file: string): Member[] {
  const archive = readFileSync(file);
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06'));
  assert.notEqual(end, -1, 'it is a ZIP archive');
  const found: Member[] = [];
  let at = archive.readUInt32LE(end + 16);
  for (let count = archive.readUInt16LE(end + 10); count > 0; count -= 1) {
    const length = archive.readUInt16LE(at + 28);
    const name = archive.toString('utf8', at + 46, at + 46 + length);
    const [method, size] = [archive.readUInt16LE(at + 10), archive.readUInt32LE(at + 20)];
    const local = archive.readUInt32LE(at + 42);
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const stored = archive.subarray(start, start + size);
    found.push({ name, bytes: () => (method === 0 ? stored : inflateRawSync(stored)) });
    at += 46 + length + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return found;
}
