/** Tells when a picture's file changes, goes or comes back. */
import * as vscode from 'vscode';
import { pictureName } from './picture';

/** Programs write a file in several steps: wait until it has been quiet for so many milliseconds. */
const quiet = 150;

export function watchPicture(picture: vscode.Uri, onChange: () => void): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher(
    new vscode.RelativePattern(
      vscode.Uri.joinPath(picture, '..'),
      pictureName(picture).replace(/[[\]{}*?]/g, (character) => `[${character}]`),
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
