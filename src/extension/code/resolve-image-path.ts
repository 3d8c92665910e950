/** From a path as it is written in code to the file that it means, on whatever file system the workspace has. */
import * as vscode from 'vscode';
import { homeFolder } from '../../engine/files/home-folder';
import { isImagePath } from '../../shared/picture-endings';
import type { FileLookups, ImageFile } from './file-lookups';
import { isGlob, nameGlob } from './name-glob';
import { isOnNetwork } from './network-path';

/** A pattern is followed through so many folders and no more. */
const mostFolders = 200;

/**
 * @param path with `/` only: relative, absolute, `~/…`, `C:/…`, a `file:` URI, or a pattern that
 *   exactly one picture fits
 * @param bases folders that a relative path may be meant from, the likeliest first; an absolute
 *   one is tried as it is, then from them as well, as web projects write it
 * @param lookups what may be asked of the file system
 * @returns undefined where there is no such file, and for a place on a network, which is never asked
 *   about: a document that is only opened must not reach out to a host that it names
 */
export async function resolveImagePath(
  path: string,
  bases: readonly vscode.Uri[],
  lookups: FileLookups,
): Promise<ImageFile | undefined> {
  const decoded = percentDecoded(path);
  for (const written of decoded === path ? [path] : [path, decoded]) {
    const places = placesOf(written, bases);
    for (const place of places) {
      const file = await lookups.fileAt(place);
      if (file !== undefined) return file;
    }
    if (!isGlob(written)) continue;
    for (const place of places) {
      const file = await onlyMatch(place, lookups);
      if (file !== undefined) return file;
    }
  }
  return undefined;
}

function placesOf(path: string, bases: readonly vscode.Uri[]): readonly vscode.Uri[] {
  if (/^file:/i.test(path)) return fileUri(path);
  if (isOnNetwork(path)) return [];
  if (path.startsWith('~/'))
    return [vscode.Uri.joinPath(vscode.Uri.file(homeFolder()), path.slice(2))];
  if (/^[a-z]:\//i.test(path)) return [vscode.Uri.file(path)];
  const below = bases.map((base) => vscode.Uri.joinPath(base, path));
  const [first] = bases;
  if (path.startsWith('/'))
    below.unshift(first === undefined ? vscode.Uri.file(path) : first.with({ path }));
  return [...new Map(below.map((place) => [place.toString(), place])).values()];
}

/** The place of a `file:` URI, where it is one of this machine. */
function fileUri(address: string): readonly vscode.Uri[] {
  try {
    const place = vscode.Uri.parse(address, true);
    const isHere = place.authority === '' || place.authority.toLowerCase() === 'localhost';
    return isHere && !isOnNetwork(place.path) ? [place.with({ authority: '' })] : [];
  } catch {
    return []; // no URI: `file:////host/share`
  }
}

/** The one picture that a pattern fits; none where several do, since a guess would be wrong. */
async function onlyMatch(
  pattern: vscode.Uri,
  lookups: FileLookups,
): Promise<ImageFile | undefined> {
  const parts = pattern.path.split('/').filter((part) => part !== '');
  const fixed = parts.findIndex(isGlob);
  let visited = 0;
  const matches = new Map<string, vscode.Uri>();

  const walk = async (folder: vscode.Uri, rest: readonly string[]): Promise<void> => {
    const [part, ...further] = rest;
    if (part === undefined || matches.size > 1 || visited >= mostFolders) return;
    visited += 1;
    if (part === '**') await walk(folder, further);
    const fits = part === '**' ? /^[^.]/ : nameGlob(part);
    for (const [name, type] of await lookups.entriesOf(folder)) {
      if (!fits.test(name)) continue;
      const uri = vscode.Uri.joinPath(folder, name);
      const isFolder = (type & vscode.FileType.Directory) !== 0;
      if (isFolder) await walk(uri, part === '**' ? rest : further);
      else if (further.length === 0 && part !== '**' && isImagePath(name))
        matches.set(uri.path, uri);
    }
  };
  const root = pattern.with({ path: `/${parts.slice(0, fixed).join('/')}` });
  await walk(root, parts.slice(fixed));
  const [only] = matches.values();
  return only === undefined || matches.size > 1 || visited >= mostFolders
    ? undefined
    : lookups.fileAt(only);
}

function percentDecoded(path: string): string {
  try {
    return /^file:/i.test(path) ? path : decodeURIComponent(path);
  } catch {
    return path; // a per cent sign that encodes nothing
  }
}
