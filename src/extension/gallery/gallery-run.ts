/** One pass over a dataset in the worker, in portions: between two of them a panel gets its turn. */
import { Failure, failureData } from '../../shared/failure';
import type { SampleResult } from '../../shared/sample-result';
import type { BatchParams, BatchSample } from '../../shared/worker-protocol';
import type { CallOptions } from '../../worker/client';

/** About a second of work for a small model. */
const PORTION = 16;
/** A worker that ends at several samples in a row is not the fault of the samples. */
const DEATHS_IN_A_ROW = 3;

export type BatchCall = (params: BatchParams, options: CallOptions) => Promise<unknown>;

export class GalleryRun {
  readonly results: SampleResult[] = [];
  readonly #abort = new AbortController();
  #paused: { readonly promise: Promise<void>; readonly resume: () => void } | undefined;

  constructor(
    private readonly call: BatchCall,
    private readonly params: Omit<BatchParams, 'samples'>,
    readonly samples: readonly BatchSample[],
    private readonly onResult: (result: SampleResult) => void,
  ) {}

  get paused(): boolean {
    return this.#paused !== undefined;
  }

  get cancelled(): boolean {
    return this.#abort.signal.aborted;
  }

  /** Nothing new is begun; what the worker is at comes in still. */
  pause(): void {
    if (this.#paused !== undefined) return;
    let resume: () => void = () => undefined;
    const promise = new Promise<void>((resolve) => (resume = resolve));
    this.#paused = { promise, resume };
  }

  resume(): void {
    this.#paused?.resume();
    this.#paused = undefined;
  }

  /** Ends the worker if it is at this dataset. */
  cancel(): void {
    this.#abort.abort();
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
      await this.#paused?.promise;
      const before = this.results.length;
      try {
        await this.#portion();
        deaths = 0;
      } catch (error) {
        const failure = failureData(error);
        if (failure.code !== 'worker-died') throw error;
        deaths = this.results.length > before ? 1 : deaths + 1;
        if (deaths === DEATHS_IN_A_ROW) throw error;
        this.#blame(failure.message);
      }
    }
  }

  async #portion(): Promise<void> {
    const { signal } = this.#abort;
    if (signal.aborted) {
      throw new Failure('cancelled', 'The run was cancelled.', 'Go on whenever you like.');
    }
    const from = this.results.length;
    const samples = this.samples.slice(from, from + PORTION);
    await this.call(
      { ...this.params, samples },
      {
        signal,
        onEvent: (event) => {
          if (event.kind === 'sample' && !signal.aborted) this.#add(event.result);
        },
      },
    );
  }

  /** The sample that the worker was at when it ended. */
  #blame(message: string): void {
    const sample = this.samples[this.results.length];
    if (sample === undefined) return;
    this.#add({ ok: false, name: sample.name, label: sample.label, code: 'worker-died', message });
  }

  #add(result: SampleResult): void {
    this.results.push(result);
    this.onResult(result);
  }
}
