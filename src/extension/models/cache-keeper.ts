/** Keeps the caches below their limit after work, and clears them when asked. */
import * as vscode from 'vscode';
import { failureData } from '../../shared/failure';
import type { CacheFolders } from '../../store/cache/cache-entries';
import { cacheSizes, totalBytes } from '../../store/cache/cache-sizes';
import { holdCache, releaseCache } from '../../store/cache/cache-users';
import { shrinkCache, type Shrunk } from '../../store/cache/shrink-cache';
import { formatBytes } from '../../store/format-bytes';
import { galleryType } from '../commands/command-ids';
import { cacheLimit } from '../settings';
import type { WorkerHost } from '../worker-host';

/** Looking through the caches waits until nothing was computed for so long … */
const restMs = 10_000;
/** … and until the last look was so long ago. */
const betweenLooksMs = 10 * 60_000;

export class CacheKeeper implements vscode.Disposable {
  private readonly began = Date.now();
  private readonly listener: vscode.Disposable;
  private timer: NodeJS.Timeout | undefined;
  private nextLook = 0;

  constructor(
    private readonly folders: Required<CacheFolders>,
    private readonly workers: readonly WorkerHost[],
    private readonly log: vscode.LogOutputChannel,
  ) {
    const listen = (worker: WorkerHost) => worker.onDidFinish(() => this.afterWork());
    this.listener = vscode.Disposable.from(...workers.map(listen));
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.listener.dispose();
  }

  /**
   * Asks, clears, says how much became free.
   * @throws Failure `cache-unwritable` where the folder cannot be read
   */
  async clear(): Promise<void> {
    const sizes = await cacheSizes(this.folders);
    if (sizes.length === 0) {
      await vscode.window.showInformationMessage('The caches of ViT Explainer are empty.');
      return;
    }
    const agree = 'Clear';
    const answer = await vscode.window.showWarningMessage(
      `Clear the caches of ViT Explainer? They take ${formatBytes(totalBytes(sizes))}.`,
      {
        modal: true,
        detail: [
          ...sizes.map(({ words, bytes }) => `${words}: ${formatBytes(bytes)}`),
          'All of it is made again when it is needed. Downloaded models stay.',
        ].join('\n'),
      },
      agree,
    );
    if (answer !== agree) return;
    // A process at rest still has its models open.
    await Promise.all(this.workers.map((worker) => worker.rest()));
    const { freedBytes, inUseBytes } = await this.shrink(0);
    const stays =
      inUseBytes === 0 ? '' : ` ${formatBytes(inUseBytes)} are in use just now and stay.`;
    void vscode.window.showInformationMessage(`${formatBytes(freedBytes)} are free again.${stays}`);
  }

  private afterWork(): void {
    this.markThumbnails();
    clearTimeout(this.timer);
    const wait = Math.max(restMs, this.nextLook - Date.now());
    this.timer = setTimeout(() => void this.keepLimit(), wait).unref();
  }

  /** It failed for the log only: nobody waits for it. */
  private async keepLimit(): Promise<void> {
    this.nextLook = Date.now() + betweenLooksMs;
    try {
      const limit = cacheLimit();
      if (limit === Infinity) return;
      const { freedBytes, keptBytes } = await this.shrink(limit);
      if (freedBytes > 0) {
        this.log.info(
          `The caches were larger than ${formatBytes(limit)}: ${formatBytes(freedBytes)} that were not used for longest are free again, ${formatBytes(keptBytes)} stay.`,
        );
      }
    } catch (error) {
      this.log.warn(`The caches were not looked through: ${failureData(error).message}`);
    }
  }

  private async shrink(limitBytes: number): Promise<Shrunk> {
    this.markThumbnails();
    return await shrinkCache(this.folders, limitBytes);
  }

  /** The small pictures of an open gallery are read as it is scrolled. */
  private markThumbnails(): void {
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const shown = tabs.some(
      ({ input }) =>
        input instanceof vscode.TabInputWebview && input.viewType.endsWith(galleryType),
    );
    if (shown) holdCache(this.folders.thumbnails, this.began);
    else releaseCache(this.folders.thumbnails);
  }
}
