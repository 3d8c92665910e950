/** From what a person chose to the last tile. Other choices are another work. */
import { failureData } from '../../shared/failure';
import type { GalleryProgress, Tile } from '../../shared/gallery-protocol';
import type { SampleResult } from '../../shared/sample-result';
import { GalleryRun } from './gallery-run';
import {
  openDataset,
  type DatasetRequest,
  type DatasetServices,
  type OpenedDataset,
  type OpeningEvents,
} from './open-dataset';
import { tileOf } from './tile-of';

export interface WorkEvents extends Omit<OpeningEvents, 'onStage'> {
  /** All is there to explain the samples with. */
  readonly onOpened: (dataset: OpenedDataset) => void;
  readonly onTile: (tile: Tile) => void;
  readonly onProgress: (progress: GalleryProgress) => void;
}

export class GalleryWork {
  private readonly stopped = new AbortController();
  private openedDataset: OpenedDataset | undefined;
  private run: GalleryRun | undefined;

  /** @param addressOf where the page of the gallery finds a file */
  constructor(
    private readonly services: DatasetServices,
    private readonly addressOf: (file: string) => string,
    private readonly events: WorkEvents,
  ) {}

  /** Undefined until it is open. */
  get dataset(): OpenedDataset | undefined {
    return this.openedDataset;
  }

  get results(): readonly SampleResult[] {
    return this.run?.results ?? [];
  }

  /** Comes to its end with the work; what goes wrong is told as progress. */
  async begin(request: DatasetRequest): Promise<void> {
    const { signal } = this.stopped;
    try {
      this.tellStage('Looking for pictures');
      const events = { ...this.events, onStage: (phrase: string) => this.tellStage(phrase) };
      const dataset = await openDataset(request, this.services, events, signal);
      signal.throwIfAborted();
      if (dataset === 'awaiting phrases') this.events.onProgress({ kind: 'awaitingPhrases' });
      else await this.explain(dataset, signal);
    } catch (error) {
      if (!signal.aborted) this.fail(error);
    }
  }

  pause(): void {
    this.run?.pause();
    this.tellCount();
  }

  resume(): void {
    this.run?.resume();
    this.tellCount();
  }

  /** What is done stays. */
  cancel(): void {
    if (this.run) {
      this.run.cancel();
    } else {
      this.stopped.abort();
      this.events.onProgress({ kind: 'cancelledOpening' });
    }
  }

  /** Another work takes its place, or the gallery is closed: nothing more is told. */
  stop(): void {
    this.stopped.abort();
    this.run?.cancel();
  }

  private async explain(dataset: OpenedDataset, signal: AbortSignal): Promise<void> {
    const { batch, params, signed, thumbnailOf } = dataset;
    const { worker } = this.services;
    const run = new GalleryRun(
      (portion, options) => worker.call('batch', portion, options),
      params,
      batch.samples,
      (result) => {
        if (signal.aborted) return;
        const tile = tileOf(result, signed, (sha256) => this.addressOf(thumbnailOf(sha256)));
        this.events.onTile(tile);
        this.tellCount();
      },
    );
    this.openedDataset = dataset;
    this.run = run;
    this.events.onOpened(dataset);
    this.tellCount();
    await run.work();
    if (!signal.aborted) this.events.onProgress({ kind: 'done', total: run.samples.length });
  }

  private tellStage(phrase: string): void {
    if (!this.stopped.signal.aborted) this.events.onProgress({ kind: 'opening', phrase });
  }

  private tellCount(): void {
    const run = this.run;
    if (run === undefined) return;
    const kind = run.paused ? 'paused' : 'running';
    this.events.onProgress({ kind, done: run.results.length, total: run.samples.length });
  }

  private fail(error: unknown): void {
    const failure = failureData(error);
    const run = this.run;
    if (failure.code === 'cancelled' && run !== undefined) {
      const { length: done } = run.results;
      this.events.onProgress({ kind: 'cancelled', done, total: run.samples.length });
    } else {
      this.events.onProgress({ kind: 'failed', failure });
    }
  }
}
