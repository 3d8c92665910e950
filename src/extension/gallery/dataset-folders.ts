import path from 'node:path';
import * as vscode from 'vscode';
import type { SampleList } from '../../dataset/sample';

/** The folders that samples lie in, without those below others. */
export function foldersOf({ root, samples }: SampleList): readonly vscode.Uri[] {
  const inside = root.endsWith(path.sep) ? root : root + path.sep;
  const outside = samples.map((sample) => sample.path).filter((file) => !file.startsWith(inside));
  return [...new Set([root, ...outside.map((file) => path.dirname(file))])].map((folder) =>
    vscode.Uri.file(folder),
  );
}
