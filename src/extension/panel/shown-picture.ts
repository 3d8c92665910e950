/** The picture that a panel shows: which one, which version of its file, and what the page draws of it. */
import type * as vscode from 'vscode';
import type { DrawnPicture } from '../../shared/panel/panel-model';
import { coversOf, type Cover, type PictureChange } from '../../shared/picture-change';
import type { PictureReading } from '../../shared/picture-reading';
import type { ImageSource } from '../../shared/protocol/explain';
import { watchFile } from '../watch-file';
import type { WorkerHost } from '../worker-host';
import { archiveOf, convertedSource, pictureName, plainSource } from './picture';
import { placeOf } from './picture-place';
import { stampOfPicture } from './picture-stamp';
import { readShown } from './read-shown';

export class ShownPicture implements vscode.Disposable {
  private currentUri: vscode.Uri;
  private watcher: vscode.Disposable | undefined;
  /** Of the version that was seen last; the panel holds no other bytes. */
  private reading: Promise<Uint8Array> | undefined;
  /** What the file system said of that version; undefined before anything was read. */
  private stamp: string | undefined;
  /** What was given last, and what it was made of. */
  private lastDrawn:
    { readonly key: string; readonly version: number; readonly picture: DrawnPicture } | undefined;
  /** Differs for every version of the file that was seen. */
  private version = Date.now();

  /** @param onChange told when the file is found to have changed, gone or come back */
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
    this.readAnew();
    return true;
  }

  /** Its file was renamed or moved: the same picture is elsewhere. */
  move(uri: vscode.Uri): void {
    this.currentUri = uri;
    this.unfollow();
    this.follow();
  }

  /** From now on the changes of its file are told. */
  follow(): void {
    const file = archiveOf(this.currentUri) ?? this.currentUri;
    this.watcher ??= watchFile(file, () => void this.look(true));
  }

  /**
   * Asks the file system whether the file is another one than was read. Who watches files sees none
   * behind links, on network drives, or where the person wants none watched.
   *
   * @param isTold whether a change was told: then the bytes decide, whatever its time and size are
   */
  async look(isTold = false): Promise<void> {
    const { currentUri, reading, stamp: before } = this;
    if (before === undefined) return;
    const stamp = await stampOfPicture(currentUri);
    if (stamp === before && !isTold) return;
    const bytes = await readShown(currentUri).catch(() => undefined);
    const known = await reading?.catch(() => undefined);
    const wasReadMeanwhile = this.reading !== reading || this.stamp !== before;
    if (wasReadMeanwhile || currentUri !== this.currentUri) return;
    this.stamp = stamp;
    const hadNone = bytes === known && stamp === before;
    if (bytes && known ? Buffer.compare(bytes, known) === 0 : hadNone) return;
    this.version += 1;
    this.reading = bytes && Promise.resolve(bytes);
    this.onChange();
  }

  /** The file is read again when its bytes are needed next. */
  readAnew(): void {
    this.reading = undefined;
    this.stamp = undefined;
  }

  /**
   * The bytes of the file, read once for every version that is seen.
   * @throws Failure `image-unreadable`
   */
  bytes(): Promise<Uint8Array> {
    if (this.reading === undefined) {
      const { currentUri } = this;
      // The stamp first: what changes in between is noticed by it.
      const reading = stampOfPicture(currentUri).then((stamp) => {
        if (this.reading === reading) this.stamp = stamp;
        return readShown(currentUri);
      });
      reading.catch(() => {
        if (this.reading === reading) this.reading = undefined;
      });
      this.reading = reading;
    }
    return this.reading;
  }

  /**
   * What is asked about: the version that was seen last, changed before the model sees it.
   * @throws Failure `image-unreadable`
   */
  async source(change?: PictureChange): Promise<ImageSource> {
    const { name } = this;
    return { kind: 'encoded', bytes: await this.bytes(), name, ...(change && { change }) };
  }

  /** Whether this is the picture that is to be shown, in the version that was seen last, read in whatever way. */
  isDrawnAs(picture: DrawnPicture | undefined): boolean {
    const { lastDrawn } = this;
    if (lastDrawn?.version !== this.version || picture === undefined) return false;
    if (picture.uri !== this.currentUri.toString()) return false;
    return lastDrawn.picture.uri === picture.uri && lastDrawn.picture.imageSrc === picture.imageSrc;
  }

  /**
   * What the page draws of the version that was seen last; undefined where it has to be converted.
   * @throws Failure `image-unreadable`
   */
  async drawnAtOnce(): Promise<DrawnPicture | undefined> {
    const { currentUri: uri, version } = this;
    const imageSrc = plainSource(this.webview, { uri, version, bytes: await this.bytes() });
    if (imageSrc === undefined) return undefined;
    return this.drawnAs(uri, version, keyOf(uri, version), imageSrc);
  }

  /**
   * What the page draws of the version that was seen last, read as a model reads it, and covered.
   * @throws Failure `image-unreadable` when a picture that has to be converted cannot be decoded;
   * `change-not-applicable`
   */
  async drawn(
    signal: AbortSignal,
    reading?: PictureReading,
    change?: PictureChange,
  ): Promise<DrawnPicture> {
    const { currentUri: uri, version } = this;
    const covered = coversOf(change);
    const key = keyOf(uri, version, reading, covered);
    if (this.lastDrawn?.key === key) return this.lastDrawn.picture;
    const file = { uri, version, bytes: await this.bytes() };
    const imageSrc =
      (covered.length === 0 ? plainSource(this.webview, file) : undefined) ??
      (await convertedSource(file, reading, covered, this.worker, signal));
    return this.drawnAs(uri, version, key, imageSrc);
  }

  dispose(): void {
    this.unfollow();
  }

  private drawnAs(uri: vscode.Uri, version: number, key: string, imageSrc: string): DrawnPicture {
    const fileName = pictureName(uri);
    const picture = { uri: uri.toString(), fileName, place: placeOf(uri), imageSrc };
    this.lastDrawn = { key, version, picture };
    return picture;
  }

  private unfollow(): void {
    this.watcher?.dispose();
    this.watcher = undefined;
  }
}

function keyOf(
  uri: vscode.Uri,
  version: number,
  reading?: PictureReading,
  covered: readonly Cover[] = [],
): string {
  return JSON.stringify([uri.toString(), version, reading, covered]);
}
