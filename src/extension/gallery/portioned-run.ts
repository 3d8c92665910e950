/** One pass over a dataset in the worker, in portions: between two of them a panel gets its turn. */
import { Failure, failureData } from '../../shared/failure';

/** A worker that ends at several samples in a row is not the fault of the samples. */
const deathsInARow = 3;

interface Named {
  readonly name: string;
}

/** Where results are kept: an array, or what takes less memory. */
export interface KeptResults<Result> {
  push(result: Result): unknown;
  readonly length: number;
}

export interface PortionedWork<Sample, Result, Kept extends KeptResults<Result>> {
  /** Maybe still being listed. */
  readonly samples: Iterable<Sample> | AsyncIterable<Sample>;
  /** How many samples are known to be, and whether these are all. */
  readonly total: () => { readonly total: number; readonly isAll: boolean };
  /** Takes each result; what is known of some samples is there already. */
  readonly results: Kept;
  /** Names of samples that nothing is to be asked of. */
  readonly known?: ReadonlySet<string>;
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

export class PortionedRun<
  Sample extends Named,
  Result extends Named,
  Kept extends KeptResults<Result>,
> {
  /** Begun, and without a result. */
  private open: readonly Sample[] = [];
  private readonly coming: AsyncIterator<Sample>;
  private readonly abort = new AbortController();
  private pausing: { readonly promise: Promise<void>; readonly resume: () => void } | undefined;

  constructor(private readonly asked: PortionedWork<Sample, Result, Kept>) {
    this.coming = unknownOf(asked);
  }

  get results(): Kept {
    return this.asked.results;
  }

  get total(): { readonly total: number; readonly isAll: boolean } {
    return this.asked.total();
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
    for (let portion = await this.next(); portion.length > 0; portion = await this.next()) {
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

  private async next(): Promise<readonly Sample[]> {
    const portion = [...this.open];
    while (portion.length < this.asked.portionSize) {
      const next = await this.coming.next();
      if (next.done === true) break;
      portion.push(next.value);
    }
    this.open = portion;
    return portion;
  }

  /** The sample that the worker was at when it ended. */
  private blame(message: string): void {
    const [sample] = this.open;
    if (sample !== undefined) this.add(this.asked.died(sample, message));
  }

  private add(result: Result): void {
    this.open = this.open.filter(({ name }) => name !== result.name);
    this.results.push(result);
    this.asked.onResult(result);
  }
}

async function* unknownOf<Sample extends Named>({
  samples,
  known,
}: {
  readonly samples: Iterable<Sample> | AsyncIterable<Sample>;
  readonly known?: ReadonlySet<string>;
}): AsyncGenerator<Sample, void> {
  for await (const sample of samples) if (known?.has(sample.name) !== true) yield sample;
}
