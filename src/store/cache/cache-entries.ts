/**
 * What lies in the caches, by the names that their makers give: nothing else in those folders is
 * looked at, counted or removed.
 */
import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { hasCode } from '../json-file';

/** Where caches lie; downloaded models are no cache. */
export interface CacheFolders {
  /** Prepared models, and below it results, features and checksums. */
  readonly work: string;
  /** Small pictures of galleries; the command line keeps none. */
  readonly thumbnails?: string;
}

export type CacheKind =
  'prepared' | 'converted' | 'results' | 'features' | 'checksums' | 'thumbnails' | 'unfinished';

export interface CacheFile {
  readonly path: string;
  readonly bytes: number;
  /** Time of its last use, in milliseconds since 1970. */
  readonly usedAt: number;
}

/** Files that are of use together only. */
export interface CacheEntry {
  readonly kind: CacheKind;
  /** One of `CacheFolders`. */
  readonly root: string;
  /** In the order to remove them: without the first one, nobody takes the others for whole. */
  readonly files: readonly CacheFile[];
  readonly bytes: number;
  readonly usedAt: number;
}

/** A name of a finished file, and what tells its entry from others of the kind. */
interface Form {
  readonly kind: CacheKind;
  /** A first group is what the files of one entry share; else each file is one. */
  readonly name: RegExp;
}

const canonical: Form = {
  kind: 'prepared',
  name: /^([0-9a-f]{64}(?:-\d+x\d+)?-v\d+)(?:-[0-9a-f]{8})?\.(?:json|onnx|weights)$/,
};
const probe: Form = { kind: 'prepared', name: /^probe-[0-9a-f]{32}\.onnx$/ };
const forward: Form = {
  kind: 'converted',
  name: /^(forward-[0-9a-f]{32})\.(?:json|onnx|weights)$/,
};
const result: Form = { kind: 'results', name: /^[0-9a-f]{64}\.jsonl$/ };
const features: Form = { kind: 'features', name: /^()[0-9a-f-]{36}\.features$/ };
const checksum: Form = { kind: 'checksums', name: /^[0-9a-f]{32}\.json$/ };
const thumbnail: Form = { kind: 'thumbnails', name: /^[0-9a-f]{64}\.jpg$/ };

/** What is appended to a name while a file is being written, or taken away. */
const unfinishedEnding = /\.(?:[0-9a-f-]{36}|\d+-\d+)\.(?:tmp|part)$/;

/** @throws what the file system says of a folder that is there but cannot be read */
export async function cacheEntries(folders: CacheFolders): Promise<readonly CacheEntry[]> {
  const { work, thumbnails } = folders;
  const found = await Promise.all([
    entriesIn(work, work, [canonical, probe, forward]),
    entriesIn(path.join(work, 'results'), work, [result]),
    entriesIn(path.join(work, 'checksums'), work, [checksum]),
    entriesBelow(path.join(work, 'features'), /^[0-9a-f]{32}$/, work, [features]),
    ...(thumbnails === undefined
      ? []
      : [entriesBelow(thumbnails, /^[0-9a-f]{2}$/, thumbnails, [thumbnail])]),
  ]);
  return found.flat();
}

async function entriesBelow(
  folder: string,
  name: RegExp,
  root: string,
  forms: readonly Form[],
): Promise<readonly CacheEntry[]> {
  const folders = (await contentsOf(folder)).filter(
    (child) => child.isDirectory() && name.test(child.name),
  );
  const found = await Promise.all(
    folders.map((child) => entriesIn(path.join(folder, child.name), root, forms)),
  );
  return found.flat();
}

async function entriesIn(
  folder: string,
  root: string,
  forms: readonly Form[],
): Promise<readonly CacheEntry[]> {
  const groups = new Map<string, { readonly kind: CacheKind; readonly files: CacheFile[] }>();
  for (const { child, kind, key } of (await contentsOf(folder)).flatMap(recognise)) {
    const file = await cacheFile(path.join(folder, child.name));
    if (file === undefined) continue;
    const group = groups.get(key) ?? { kind, files: [] };
    group.files.push(file);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ kind, files }) => ({
    kind,
    root,
    // “.json” goes before “.onnx” and “.weights”.
    files: files.sort((a, b) => (a.path < b.path ? -1 : 1)),
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    usedAt: Math.max(...files.map(({ usedAt }) => usedAt)),
  }));

  function recognise(child: Dirent) {
    const finished = child.name.replace(unfinishedEnding, '');
    for (const { kind, name } of child.isFile() ? forms : []) {
      const match = name.exec(finished);
      if (!match) continue;
      return finished === child.name
        ? [{ child, kind, key: match[1] ?? child.name }]
        : [{ child, kind: 'unfinished' as const, key: child.name }];
    }
    return [];
  }
}

/** Links are not followed: what they lead to is not ours. */
async function contentsOf(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return [];
    throw error;
  }
}

/** Undefined for a file that went while the folder was looked through. */
async function cacheFile(file: string): Promise<CacheFile | undefined> {
  try {
    const { size, mtimeMs } = await lstat(file);
    return { path: file, bytes: size, usedAt: mtimeMs };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
