/** One pass over a dataset in the worker, in portions: between two of them a panel gets its turn. */
import { Failure, failureData } from '../../shared/failure';

/** A worker that ends at several samples in a row is not the fault of the samples. */
const deathsInARow = 3;

interface Named {
  readonly name: string;
}

export interface PortionedWork<Sample, Result> {
  readonly samples: readonly Sample[];
  /** What is known of some of them already. */
  readonly known?: readonly Result[];
  /** About a second of work for a small model. */
  readonly portionSize: number;
  /** Asks the worker; `add` takes each result, in any order. */
  readonly ask: (
    portion: readonly Sample[],
    signal: AbortSignal,
    add: (result: Result) => void,
  ) => Promise<unknown>;
  /** The result of a sample that the worker ended at. */
  readonly died: (sample: Sample, message: string) => Result;
  readonly onResult: (result: Result) => void;
}

export class PortionedRun<Sample extends Named, Result extends Named> {
  readonly results: Result[];
  private readonly done: Set<string>;
  /** Every sample before it is done. */
  private from = 0;
  private readonly abort = new AbortController();
  private pausing: { readonly promise: Promise<void>; readonly resume: () => void } | undefined;

  constructor(private readonly asked: PortionedWork<Sample, Result>) {
    this.results = [...(asked.known ?? [])];
    this.done = new Set(this.results.map(({ name }) => name));
  }

  get samples(): readonly Sample[] {
    return this.asked.samples;
  }

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
    for (let portion = this.next(); portion.length > 0; portion = this.next()) {
      await this.pausing?.promise;
      const before = this.results.length;
      try {
        await this.ask(portion);
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

  private async ask(portion: readonly Sample[]): Promise<void> {
    const { signal } = this.abort;
    if (signal.aborted)
      throw new Failure('cancelled', 'The run was cancelled.', 'Go on whenever you like.');
    await this.asked.ask(portion, signal, (result) => {
      if (!signal.aborted) this.add(result);
    });
  }

  private next(): readonly Sample[] {
    const { samples, portionSize } = this.asked;
    const isDone = (at: number): boolean => this.done.has(samples[at]?.name ?? '');
    while (this.from < samples.length && isDone(this.from)) this.from += 1;
    const portion: Sample[] = [];
    for (let at = this.from; at < samples.length && portion.length < portionSize; at++) {
      const sample = samples[at];
      if (sample !== undefined && !isDone(at)) portion.push(sample);
    }
    return portion;
  }

  /** The sample that the worker was at when it ended. */
  private blame(message: string): void {
    const [sample] = this.next();
    if (sample !== undefined) this.add(this.asked.died(sample, message));
  }

  private add(result: Result): void {
    this.done.add(result.name);
    this.results.push(result);
    this.asked.onResult(result);
  }
}
