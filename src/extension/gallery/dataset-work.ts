/** From what a person chose to the last sample: opened, run over, and told how far it is. */
import { failureData } from '../../shared/failure';
import type { GalleryProgress } from '../../shared/gallery/gallery-state';

/** The run of a work, as far as its life goes. */
export interface DatasetRun {
  readonly results: { readonly length: number };
  /** How many samples there are, as far as that is known. */
  readonly total: { readonly total: number; readonly isAll: boolean };
  readonly paused: boolean;
  pause(): void;
  resume(): void;
  cancel(): void;
  work(): Promise<void>;
}

export interface DatasetWorkSteps<Opened, Run> {
  /** @returns undefined where the model waits for phrases */
  readonly open: (signal: AbortSignal) => Promise<Opened | undefined>;
  readonly runOver: (opened: Opened) => Run;
  readonly tellProgress: (progress: GalleryProgress) => void;
}

export class DatasetWork<Opened, Run extends DatasetRun> {
  private readonly stopping = new AbortController();
  private openedOne: Opened | undefined;
  private run: Run | undefined;
  private last: GalleryProgress = { kind: 'opening', phrase: 'Looking for pictures' };

  constructor(private readonly steps: DatasetWorkSteps<Opened, Run>) {}

  /** Undefined until it is open. */
  get opened(): Opened | undefined {
    return this.openedOne;
  }

  get results(): Run['results'] | undefined {
    return this.run?.results;
  }

  get stopped(): boolean {
    return this.stopping.signal.aborted;
  }

  /** How far it is. */
  get progress(): GalleryProgress {
    const { run } = this;
    if (run === undefined) return this.last;
    const kind = run.paused ? 'paused' : 'running';
    return { kind, done: run.results.length, ...run.total };
  }

  /**
   * Comes to its end with the work; what goes wrong is told as progress.
   * @param onOpened all is there to run over the samples
   */
  async begin(onOpened: (opened: Opened) => void): Promise<void> {
    const { signal } = this.stopping;
    try {
      this.tell(this.last);
      const opened = await this.steps.open(signal);
      signal.throwIfAborted();
      if (opened === undefined) {
        this.tell({ kind: 'awaitingPhrases' });
        return;
      }
      this.openedOne = opened;
      this.run = this.steps.runOver(opened);
      onOpened(opened);
      this.tell(this.progress);
      await this.run.work();
      this.tell({ kind: 'done', total: this.run.total.total });
    } catch (error) {
      this.fail(error);
    }
  }

  /** Nothing, where the last sample was answered meanwhile. */
  pause(): void {
    if (this.last.kind !== 'running') return;
    this.run?.pause();
    this.tell(this.progress);
  }

  resume(): void {
    if (this.last.kind !== 'paused') return;
    this.run?.resume();
    this.tell(this.progress);
  }

  /** What is done stays. */
  cancel(): void {
    if (this.run) {
      this.run.cancel();
    } else {
      this.tell({ kind: 'cancelledOpening' });
      this.stopping.abort();
    }
  }

  /** Another work takes its place, or the page is closed: nothing more is told. */
  stop(): void {
    this.stopping.abort();
    this.run?.cancel();
  }

  private fail(error: unknown): void {
    const failure = failureData(error);
    const { run } = this;
    if (failure.code === 'cancelled' && run !== undefined) {
      const { length: done } = run.results;
      this.tell({ kind: 'cancelled', done, ...run.total });
    } else {
      this.tell({ kind: 'failed', failure });
    }
  }

  private tell(progress: GalleryProgress): void {
    if (this.stopped) return;
    this.last = progress;
    this.steps.tellProgress(progress);
  }
}
