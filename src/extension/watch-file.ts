/** Tells when a file changes, goes or comes back, whichever program did it. */
import * as vscode from 'vscode';

/** Programs write a file in several steps: wait until it has been quiet for so many milliseconds. */
const quiet = 150;

export function watchFile(file: vscode.Uri, onChange: () => void): vscode.Disposable {
  const name = file.path.slice(file.path.lastIndexOf('/') + 1);
  const watcher = vscode.workspace.createFileSystemWatcher(
    new vscode.RelativePattern(
      vscode.Uri.joinPath(file, '..'),
      name.replace(/[[\]{}*?]/g, (character) => `[${character}]`),
    ),
  );
  let timer: NodeJS.Timeout | undefined;
  const changed = (): void => {
    clearTimeout(timer);
    timer = setTimeout(onChange, quiet);
  };
  return vscode.Disposable.from(
    watcher,
    watcher.onDidChange(changed),
    watcher.onDidCreate(changed),
    watcher.onDidDelete(changed),
    new vscode.Disposable(() => clearTimeout(timer)),
  );
}
