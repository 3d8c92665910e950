/** How pictures are called by their addresses, so that those of the same name can be told apart. */
import { isRecord } from './is-record';

/** Digits of a commit that are shown, as git shortens it. */
const shortCommit = 7;

interface NamedPicture {
  readonly name: string;
  /** Which version of the file, where it is not the one on the disk. */
  readonly version: string | undefined;
  /** The folders that it lies in, from the root. */
  readonly folders: readonly string[];
}

/** @param uri an address as the editor writes it */
export function namedPicture(uri: string): NamedPicture {
  const [, scheme = '', path = '', query = ''] =
    /^([a-z][\w+.-]*):(?:\/\/[^/?#]*)?([^?#]*)(?:\?([^#]*))?/i.exec(uri) ?? [];
  const folders = decoded(path).split('/');
  const name = folders.pop() ?? '';
  return { name, version: versionOf(scheme, decoded(query)), folders };
}

/** Its name, with the version of the file where that is not the one on the disk. */
export function pictureTitle(uri: string): string {
  const { name, version } = namedPicture(uri);
  return version === undefined ? name : `${name} (${version})`;
}

/**
 * Names of several pictures, in their order: with as many of the folders as tell those of the same name
 * and version apart.
 */
export function toldApart(uris: readonly string[]): readonly string[] {
  const pictures = uris.map((uri) => ({ uri, title: pictureTitle(uri), ...namedPicture(uri) }));
  return pictures.map(({ uri, title, name, version, folders }) => {
    const others = pictures.filter((other) => other.title === title && other.uri !== uri);
    if (others.length === 0) return title;
    const few = folders.findIndex((_, at) =>
      others.every((other) => lastOf(other.folders, at + 1) !== lastOf(folders, at + 1)),
    );
    const folder = lastOf(folders, few < 0 ? folders.length : few + 1);
    return `${name} (${[version, folder].filter((part) => part !== undefined).join(', ')})`;
  });
}

function lastOf(folders: readonly string[], count: number): string {
  return folders.slice(-count).join('/') || '/';
}

/** Of the scheme `git:`, whose addresses say the commit behind the path. */
function versionOf(scheme: string, query: string): string | undefined {
  if (scheme !== 'git') return undefined;
  const ref = refOf(query);
  if (ref === undefined) return 'git';
  // The index, or what it would hold if something were in it.
  if (ref === '' || ref === '~') return 'Index';
  return ref.replace(/^[0-9a-f]{8,}/, (commit) => commit.slice(0, shortCommit));
}

function refOf(query: string): string | undefined {
  try {
    const said: unknown = JSON.parse(query);
    return isRecord(said) && typeof said.ref === 'string' ? said.ref : undefined;
  } catch {
    return undefined;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a sign of per cent that stands for itself
  }
}
