import path from 'node:path';
import * as vscode from 'vscode';
import { inside } from '../../engine/files/inside';
import type { Listing } from '../../dataset/listing';

/** The folders that samples lie in as far as they are listed, without those below others. */
export function foldersOf(list: Listing): readonly vscode.Uri[] {
  const { root } = list;
  const folders = new Set([root]);
  for (const sample of list.samplesSoFar())
    if (inside(root, sample.path) === undefined) folders.add(path.dirname(sample.path));
  return [...folders].map((folder) => vscode.Uri.file(folder));
}
