import type * as vscode from 'vscode';
import { readPicture as readSample } from '../../dataset/read-picture';
import { archiveOf, readBy, readPicture } from './picture';

/**
 * The bytes of a picture that a panel shows: of a file, or of a member of a tar archive.
 *
 * @throws Failure `image-unreadable`
 */
export function readShown(uri: vscode.Uri): Promise<Uint8Array> {
  return archiveOf(uri) === undefined
    ? readPicture(uri)
    : readBy(uri, () => readSample(uri.fsPath));
}
