/** What a person calls what they chose. */
import path from 'node:path';
import type * as vscode from 'vscode';
import { isManifest } from '../../dataset/list-sources';
import { isImagePath } from '../../shared/picture-endings';
import { isTar } from '../../shared/tar-path';

/** The name of one folder or file; of several, how many there are of each kind. */
export function datasetTitle(sources: readonly vscode.Uri[]): string {
  const [first] = sources;
  if (first === undefined) return '';
  if (sources.length === 1) return path.posix.basename(first.path);
  const pictures = sources.filter((source) => isImagePath(source.path)).length;
  const manifests = sources.filter((source) => isManifest(source.path)).length;
  const archives = sources.filter((source) => isTar(source.path)).length;
  const folders = sources.length - pictures - manifests - archives;
  return [
    ...counted(folders, 'folder', 'folders'),
    ...counted(manifests, 'list', 'lists'),
    ...counted(archives, 'archive', 'archives'),
    ...counted(pictures, 'picture', 'pictures'),
  ].join(', ');
}

function counted(count: number, one: string, several: string): string[] {
  return count === 0 ? [] : [`${count} ${count === 1 ? one : several}`];
}
