/** The picture that a panel shows: which one, which version of its file, and what the page draws of it. */
import type * as vscode from 'vscode';
import type { PictureReading } from '../../shared/picture-reading';
import type { WorkerHost } from '../worker-host';
import { pictureName, pictureSource } from './picture';
import { watchFile } from '../watch-file';

export class ShownPicture implements vscode.Disposable {
  #uri: vscode.Uri;
  #watcher: vscode.Disposable | undefined;
  /** The address that the page was given last, and what it is the address of. */
  #source: { readonly key: string; readonly address: string } | undefined;
  /** Differs for every version of the file that was seen. */
  #version = Date.now();

  /** @param onChange told when the file that is followed changes, goes or comes back */
  constructor(
    uri: vscode.Uri,
    private readonly webview: vscode.Webview,
    private readonly worker: WorkerHost,
    private readonly onChange: () => void,
  ) {
    this.#uri = uri;
  }

  get uri(): vscode.Uri {
    return this.#uri;
  }

  get name(): string {
    return pictureName(this.#uri);
  }

  /** Shows this one instead; its file is not followed yet. @returns whether it is another one */
  replace(uri: vscode.Uri): boolean {
    if (uri.toString() === this.#uri.toString()) return false;
    this.#uri = uri;
    this.#unfollow();
    return true;
  }

  /** From now on the changes of its file are told. */
  follow(): void {
    this.#watcher ??= watchFile(this.#uri, () => {
      this.#version += 1;
      this.onChange();
    });
  }

  /**
   * Where the page finds the version of the file that was seen last, read as a model reads it.
   * @throws Failure `image-unreadable` when a picture that has to be converted cannot be decoded
   */
  async source(signal: AbortSignal, reading?: PictureReading): Promise<string> {
    const key = JSON.stringify([this.#uri.toString(), this.#version, reading]);
    if (this.#source?.key !== key) {
      const { webview, worker } = this;
      const address = await pictureSource(
        webview,
        this.#uri,
        this.#version,
        worker,
        signal,
        reading,
      );
      this.#source = { key, address };
    }
    return this.#source.address;
  }

  dispose(): void {
    this.#unfollow();
  }

  #unfollow(): void {
    this.#watcher?.dispose();
    this.#watcher = undefined;
  }
}
