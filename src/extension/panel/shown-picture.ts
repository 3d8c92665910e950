/** The picture that a panel shows: which one, which version of its file, and what the page draws of it. */
import type * as vscode from 'vscode';
import type { PictureReading } from '../../shared/picture-reading';
import type { WorkerHost } from '../worker-host';
import { pictureName, pictureSource } from './picture';
import { watchFile } from '../watch-file';

export class ShownPicture implements vscode.Disposable {
  private currentUri: vscode.Uri;
  private watcher: vscode.Disposable | undefined;
  /** The address that the page was given last, and what it is the address of. */
  private lastSource: { readonly key: string; readonly address: string } | undefined;
  /** Differs for every version of the file that was seen. */
  private version = Date.now();

  /** @param onChange told when the file that is followed changes, goes or comes back */
  constructor(
    uri: vscode.Uri,
    private readonly webview: vscode.Webview,
    private readonly worker: WorkerHost,
    private readonly onChange: () => void,
  ) {
    this.currentUri = uri;
  }

  get uri(): vscode.Uri {
    return this.currentUri;
  }

  get name(): string {
    return pictureName(this.currentUri);
  }

  /** Shows this one instead; its file is not followed yet. @returns whether it is another one */
  replace(uri: vscode.Uri): boolean {
    if (uri.toString() === this.currentUri.toString()) return false;
    this.currentUri = uri;
    this.unfollow();
    return true;
  }

  /** From now on the changes of its file are told. */
  follow(): void {
    this.watcher ??= watchFile(this.currentUri, () => {
      this.version += 1;
      this.onChange();
    });
  }

  /**
   * Where the page finds the version of the file that was seen last, read as a model reads it.
   * @throws Failure `image-unreadable` when a picture that has to be converted cannot be decoded
   */
  async source(signal: AbortSignal, reading?: PictureReading): Promise<string> {
    const key = JSON.stringify([this.currentUri.toString(), this.version, reading]);
    if (this.lastSource?.key !== key) {
      const { webview, worker } = this;
      const address = await pictureSource(
        webview,
        this.currentUri,
        this.version,
        worker,
        signal,
        reading,
      );
      this.lastSource = { key, address };
    }
    return this.lastSource.address;
  }

  dispose(): void {
    this.unfollow();
  }

  private unfollow(): void {
    this.watcher?.dispose();
    this.watcher = undefined;
  }
}
