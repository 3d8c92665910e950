/** Tells when a file changes, goes or comes back, whichever program did it. */
import { realpath } from 'node:fs/promises';
import * as vscode from 'vscode';

/** Programs write a file in several steps: wait until it has been quiet for so many milliseconds. */
const quiet = 150;

/**
 * The editor's watchers do not look behind links, so where the file lies in truth is watched too. On
 * network drives, and where the person excluded it from watching, nothing may be told.
 */
export function watchFile(file: vscode.Uri, onChange: () => void): vscode.Disposable {
  let timer: NodeJS.Timeout | undefined;
  const changed = (): void => {
    clearTimeout(timer);
    timer = setTimeout(onChange, quiet);
  };
  const watchers: vscode.Disposable[] = [watch(file, changed)];
  let isOver = false;
  void behindLinks(file).then((target) => {
    if (target !== undefined && !isOver) watchers.push(watch(target, changed));
  });
  return new vscode.Disposable(() => {
    isOver = true;
    clearTimeout(timer);
    for (const watcher of watchers) watcher.dispose();
  });
}

function watch(file: vscode.Uri, changed: () => void): vscode.Disposable {
  const name = file.path.slice(file.path.lastIndexOf('/') + 1);
  const watcher = vscode.workspace.createFileSystemWatcher(
    new vscode.RelativePattern(
      vscode.Uri.joinPath(file, '..'),
      name.replace(/[[\]{}*?]/g, (character) => `[${character}]`),
    ),
  );
  return vscode.Disposable.from(
    watcher,
    watcher.onDidChange(changed),
    watcher.onDidCreate(changed),
    watcher.onDidDelete(changed),
  );
}

/** Where a path leads through links; undefined where it leads nowhere else. */
async function behindLinks(file: vscode.Uri): Promise<vscode.Uri | undefined> {
  if (file.scheme !== 'file') return undefined;
  try {
    const target = vscode.Uri.file(await realpath(file.fsPath));
    return target.path === file.path ? undefined : target;
  } catch {
    return undefined; // there is no such file now
  }
}
