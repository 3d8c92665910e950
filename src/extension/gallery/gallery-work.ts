/** From what a person chose to the last tile. Other choices are another work. */
import type * as vscode from 'vscode';
import { failureData } from '../../shared/failure';
import type { GalleryProgress } from '../../shared/gallery/gallery-state';
import type { SampleResult } from '../../shared/sample-result';
import type { GalleryModel } from './gallery-model';
import { GalleryRun } from './gallery-run';
import { openDataset, type DatasetServices, type OpenedDataset } from './open-dataset';
import { tileOf } from './tile-of';

export class GalleryWork {
  private readonly stopped = new AbortController();
  private openedDataset: OpenedDataset | undefined;
  private run: GalleryRun | undefined;

  /** @param addressOf where the page of the gallery finds a file */
  constructor(
    private readonly services: DatasetServices,
    private readonly gallery: Pick<GalleryModel, 'state' | 'update' | 'set' | 'addTile'>,
    private readonly addressOf: (file: string) => string,
  ) {}

  /** Undefined until it is open. */
  get dataset(): OpenedDataset | undefined {
    return this.openedDataset;
  }

  get results(): readonly SampleResult[] {
    return this.run?.results ?? [];
  }

  /**
   * Comes to its end with the work; what goes wrong is told as progress.
   * @param onOpened all is there to explain the samples with
   */
  async begin(
    sources: readonly vscode.Uri[],
    onOpened: (dataset: OpenedDataset) => void,
  ): Promise<void> {
    const { signal } = this.stopped;
    try {
      this.tellProgress({ kind: 'opening', phrase: 'Looking for pictures' });
      const dataset = await openDataset(
        sources,
        this.gallery.state.asked,
        this.services,
        (change) => {
          if (!signal.aborted) this.gallery.update(change);
        },
        signal,
      );
      signal.throwIfAborted();
      if (dataset === 'awaiting phrases') {
        this.tellProgress({ kind: 'awaitingPhrases' });
        return;
      }
      this.openedDataset = dataset;
      this.run = this.runOver(dataset);
      onOpened(dataset);
      this.tellProgress(this.count(this.run));
      await this.run.work();
      this.tellProgress({ kind: 'done', total: this.run.samples.length });
    } catch (error) {
      this.fail(error);
    }
  }

  /** Nothing, where the last sample was answered meanwhile. */
  pause(): void {
    if (this.gallery.state.progress.kind !== 'running') return;
    this.run?.pause();
    if (this.run) this.tellProgress(this.count(this.run));
  }

  resume(): void {
    if (this.gallery.state.progress.kind !== 'paused') return;
    this.run?.resume();
    if (this.run) this.tellProgress(this.count(this.run));
  }

  /** What is done stays. */
  cancel(): void {
    if (this.run) {
      this.run.cancel();
    } else {
      this.tellProgress({ kind: 'cancelledOpening' });
      this.stopped.abort();
    }
  }

  /** Another work takes its place, or the gallery is closed: nothing more is told. */
  stop(): void {
    this.stopped.abort();
    this.run?.cancel();
  }

  private runOver({ batch, params, kind, thumbnailOf }: OpenedDataset): GalleryRun {
    const { worker } = this.services;
    const run: GalleryRun = new GalleryRun(
      (portion, options) => worker.call('batch', portion, options),
      params,
      batch.samples,
      (result) => {
        if (this.stopped.signal.aborted) return;
        const tile = tileOf(result, kind, (sha256) => this.addressOf(thumbnailOf(sha256)));
        this.gallery.addTile(tile, this.count(run));
      },
    );
    return run;
  }

  private count({ paused, results, samples }: GalleryRun): GalleryProgress {
    const kind = paused ? 'paused' : 'running';
    return { kind, done: results.length, total: samples.length };
  }

  private fail(error: unknown): void {
    const failure = failureData(error);
    const { run } = this;
    if (failure.code === 'cancelled' && run !== undefined) {
      const { length: done } = run.results;
      this.tellProgress({ kind: 'cancelled', done, total: run.samples.length });
    } else {
      this.tellProgress({ kind: 'failed', failure });
    }
  }

  private tellProgress(progress: GalleryProgress): void {
    if (!this.stopped.signal.aborted) this.gallery.set({ progress });
  }
}
