/** The picture: its bytes for the worker, and an address under which the panel may draw it. */
import * as vscode from 'vscode';
import { Failure } from '../../shared/failure';
import { formatBytes } from '../../shared/format-number';
import type { Cover } from '../../shared/picture-change';
import type { PictureReading } from '../../shared/picture-reading';
import { placeInTar } from '../../shared/tar-path';
import type { WorkerHost } from '../worker-host';
import { browserDraws, type DrawnType } from './browser-draws';

/** Bytes up to which a picture is read, as on disk (src/engine/files/regular-file.ts). */
const largestPicture = 512 * 2 ** 20;
/** Bytes up to which a picture that the page cannot reach is sent to it as it is; larger ones are converted. */
const largestSent = 16 * 2 ** 20;
/** Longest side of a picture that is converted for the panel, in pixels. */
const convertedSide = 2048;

export function pictureName(uri: vscode.Uri): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1);
}

/**
 * The file's bytes, through whatever file system the workspace has.
 * @throws Failure `image-unreadable`
 */
export async function readPicture(uri: vscode.Uri): Promise<Uint8Array> {
  return readBy(uri, async () => {
    checkFile(uri, await vscode.workspace.fs.stat(uri));
    return vscode.workspace.fs.readFile(uri);
  });
}

/** @throws Failure `image-unreadable` for whatever reading throws, and for no bytes at all */
export async function readBy(
  uri: vscode.Uri,
  read: () => Promise<Uint8Array>,
): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await read();
  } catch (error) {
    if (error instanceof Failure) throw error;
    const { code } = error as { readonly code?: unknown };
    const missing = code === 'FileNotFound' || code === 'ENOENT';
    throw new Failure(
      'image-unreadable',
      missing
        ? `${pictureName(uri)} is not there any more.`
        : `${pictureName(uri)} cannot be read.`,
      missing
        ? 'Put it back, or explain another picture; the panel follows when the file returns.'
        : 'Check that the file can be opened, then retry.',
      { cause: error },
    );
  }
  if (bytes.length === 0) {
    throw new Failure(
      'image-unreadable',
      `${pictureName(uri)} is empty: it has no bytes at all.`,
      'Save or copy the picture again, then retry.',
    );
  }
  return bytes;
}

/** The tar archive that a picture lies in, whose path goes through it; undefined for a file of its own. */
export function archiveOf(uri: vscode.Uri): vscode.Uri | undefined {
  const place = uri.scheme === 'file' ? placeInTar(uri.fsPath) : undefined;
  return place && vscode.Uri.file(place.archive);
}

/** A pipe or a device may give no byte for ever, or bytes without end. @throws Failure `image-unreadable` */
function checkFile(uri: vscode.Uri, { type, size }: vscode.FileStat): void {
  if ((type & vscode.FileType.File) === 0) {
    const isFolder = (type & vscode.FileType.Directory) !== 0;
    throw new Failure(
      'image-unreadable',
      `${pictureName(uri)} is ${isFolder ? 'a folder' : 'a pipe or a device'} and not a file.`,
      'Choose a picture that is a file.',
    );
  }
  if (size > largestPicture) {
    throw new Failure(
      'image-unreadable',
      `${pictureName(uri)} has ${formatBytes(size)}, more than the ${largestPicture / 2 ** 20} MB that are read.`,
      'Save it smaller, then retry.',
    );
  }
}

/** One version of a picture's file. */
export interface PictureFile {
  readonly uri: vscode.Uri;
  /** Changes with the file, so that no stale picture is shown. */
  readonly version: number;
  readonly bytes: Uint8Array;
}

/** Where the page finds the picture as it is; undefined where it would draw that otherwise than a model sees it. */
export function plainSource(
  webview: vscode.Webview,
  { uri, version, bytes }: PictureFile,
): string | undefined {
  const type = browserDraws(bytes);
  if (type === undefined) return undefined;
  if (uri.scheme === 'file' && archiveOf(uri) === undefined) {
    // On a remote machine the address loses what the file's own had behind it.
    return webview
      .asWebviewUri(uri)
      .with({ query: `version=${version}` })
      .toString();
  }
  // Other file systems answer by what their addresses hold behind the path, or not to pages at all.
  return bytes.length <= largestSent ? dataAddress(type, bytes) : undefined;
}

/**
 * A picture as the model sees it, in a form that every page draws.
 *
 * @param reading what the model's manifest says of reading pictures
 * @throws Failure `image-unreadable` when it cannot be decoded; `change-not-applicable`
 */
export async function convertedSource(
  { uri, bytes }: PictureFile,
  reading: PictureReading | undefined,
  covered: readonly Cover[],
  worker: WorkerHost,
  signal: AbortSignal,
): Promise<string> {
  const { png } = await worker.call(
    'picture',
    {
      bytes,
      name: pictureName(uri),
      maxSide: convertedSide,
      ...(reading && { reading }),
      ...(covered.length > 0 && { change: { covered } }),
    },
    { signal },
  );
  return dataAddress('image/png', png);
}

function dataAddress(type: DrawnType, bytes: Uint8Array): string {
  return `data:${type};base64,${Buffer.from(bytes).toString('base64')}`;
}
