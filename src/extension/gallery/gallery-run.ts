/** One pass over a dataset in the worker, in portions: between two of them a panel gets its turn. */
import { Failure, failureData } from '../../shared/failure';
import type { SampleResult } from '../../shared/sample-result';
import type { BatchParams, BatchSample } from '../../shared/protocol/dataset';
import { listener } from '../../shared/protocol/listener';
import type { CallOptions } from '../../worker/client';

/** About a second of work for a small model. */
const portionSize = 16;
/** A worker that ends at several samples in a row is not the fault of the samples. */
const deathsInARow = 3;

export type BatchCall = (params: BatchParams, options: CallOptions<'batch'>) => Promise<unknown>;

export class GalleryRun {
  readonly results: SampleResult[] = [];
  private readonly abort = new AbortController();
  private pausing: { readonly promise: Promise<void>; readonly resume: () => void } | undefined;

  constructor(
    private readonly call: BatchCall,
    private readonly params: Omit<BatchParams, 'samples'>,
    readonly samples: readonly BatchSample[],
    private readonly onResult: (result: SampleResult) => void,
  ) {}

  get paused(): boolean {
    return this.pausing !== undefined;
  }

  /** Nothing new is begun; what the worker is at comes in still. */
  pause(): void {
    if (this.pausing !== undefined) return;
    let resume: () => void = () => undefined;
    const promise = new Promise<void>((resolve) => (resume = resolve));
    this.pausing = { promise, resume };
  }

  resume(): void {
    this.pausing?.resume();
    this.pausing = undefined;
  }

  /** Ends the worker if it is at this dataset. */
  cancel(): void {
    this.abort.abort();
    this.resume();
  }

  /**
   * Works until every sample has its result.
   *
   * @throws Failure `cancelled`; whatever the model or the method cannot do
   */
  async work(): Promise<void> {
    let deaths = 0;
    while (this.results.length < this.samples.length) {
      await this.pausing?.promise;
      const before = this.results.length;
      try {
        await this.portion();
        deaths = 0;
      } catch (error) {
        const failure = failureData(error);
        if (failure.code !== 'worker-died') throw error;
        deaths = this.results.length > before ? 1 : deaths + 1;
        if (deaths === deathsInARow) throw error;
        this.blame(failure.message);
      }
    }
  }

  private async portion(): Promise<void> {
    const { signal } = this.abort;
    if (signal.aborted)
      throw new Failure('cancelled', 'The run was cancelled.', 'Go on whenever you like.');
    const from = this.results.length;
    const samples = this.samples.slice(from, from + portionSize);
    await this.call(
      { ...this.params, samples },
      {
        signal,
        onEvent: listener({
          stage: () => undefined,
          sample: ({ result }) => {
            if (!signal.aborted) this.add(result);
          },
        }),
      },
    );
  }

  /** The sample that the worker was at when it ended. */
  private blame(message: string): void {
    const sample = this.samples[this.results.length];
    if (sample === undefined) return;
    this.add({ ok: false, name: sample.name, label: sample.label, code: 'worker-died', message });
  }

  private add(result: SampleResult): void {
    this.results.push(result);
    this.onResult(result);
  }
}
