/** The pictures of a comparison: their bytes, what the page draws of them, and the changes of their files. */
import * as vscode from 'vscode';
import { ShownPicture } from '../panel/shown-picture';
import type { WorkerHost } from '../worker-host';

export class ComparedPictures implements vscode.Disposable {
  private readonly shown = new Map<string, ShownPicture>();

  /** @param onChange told the address of a picture whose file changes, goes or comes back */
  constructor(
    private readonly webview: vscode.Webview,
    private readonly worker: WorkerHost,
    private readonly onChange: (picture: string) => void,
  ) {}

  /** Its file is followed from now on. */
  get(picture: string): ShownPicture {
    let shown = this.shown.get(picture);
    if (shown === undefined) {
      const uri = vscode.Uri.parse(picture, true);
      shown = new ShownPicture(uri, this.webview, this.worker, () => this.onChange(picture));
      shown.follow();
      this.shown.set(picture, shown);
    }
    return shown;
  }

  forget(picture: string): void {
    this.shown.get(picture)?.dispose();
    this.shown.delete(picture);
  }

  /** All files are read again when their bytes are needed next. */
  readAnew(): void {
    for (const shown of this.shown.values()) shown.readAnew();
  }

  /** Files that are others by now are told. */
  look(): void {
    for (const shown of this.shown.values()) void shown.look();
  }

  dispose(): void {
    for (const shown of this.shown.values()) shown.dispose();
  }
}
