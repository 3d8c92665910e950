/** What tells one gallery from another, also after a reload. */
import type * as vscode from 'vscode';

/** The same for the same files and folders, in whatever order they were chosen. */
export function datasetKey(sources: readonly vscode.Uri[]): string {
  return sources.map(String).sort().join('\n');
}
