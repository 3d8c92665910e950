/** Versions of a file that git keeps, by the editor's own extension for it. */
import * as vscode from 'vscode';

/** As much of its interface as is used here; it has been the same since 2018. */
interface GitExtension {
  getAPI(version: 1): { toGitUri(file: vscode.Uri, ref: string): vscode.Uri };
}

/**
 * The address of a file as it is in a commit, or (`~`) in the index.
 * @param file itself, or another version of it
 * @returns undefined where the editor has no git
 */
export async function gitVersion(file: vscode.Uri, ref: string): Promise<vscode.Uri | undefined> {
  const git = vscode.extensions.getExtension<GitExtension>('vscode.git');
  try {
    return (await git?.activate())
      ?.getAPI(1)
      .toGitUri(file.with({ scheme: 'file', query: '' }), ref);
  } catch {
    return undefined; // it is switched off
  }
}
