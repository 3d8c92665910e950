/** A dataset that is worked on while it is still being listed. */
import path from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Failure } from '../shared/failure';
import type { LabelReading } from '../shared/label-reading';
import { byCodeUnits, type Sample, type SampleList, type Skipped } from './sample';

/** What a listing finds of a sample; its path follows from its name. */
export type Listed = Omit<Sample, 'path'>;

/** Where samples come from. */
export interface ListingSource {
  /** The folder that the names are relative to. */
  readonly root: string;
  /** Whether labels are the names of folders, which libraries number in their order. */
  readonly folders: boolean;
  /** How labels that are numbers are read, where the kind of dataset says so. */
  readonly numbersAre?: LabelReading;
  /**
   * The samples in a stable order, each name once, several at a time.
   *
   * @throws Failure `dataset-unusable`
   */
  readonly samples: () => AsyncIterable<readonly Listed[]> | Iterable<readonly Listed[]>;
  /** What was passed over so far. */
  readonly skipped: () => readonly Skipped[];
  /** How the labels were found where that is not plain, in sentences; of what was read so far. */
  readonly notices: () => readonly string[];
  /** What to say where there is no sample at all. */
  readonly empty: () => Failure;
}

/** So many samples are listed before the work begins: what must be decided before it is decided by them. */
const headLength = 10_000;

/**
 * Samples as far as they are known. Reading goes on by itself; a name and a label of each sample stay
 * in memory, about 100 bytes.
 */
export class Listing implements AsyncIterable<Sample> {
  private readonly known: Listed[] = [];
  private readonly labelsSeen = new Map<string, string>();
  private readonly reading: Promise<void>;
  /** Whether someone waits for all of them. */
  private isAwaited = false;
  private state: 'reading' | 'whole' | 'closed' = 'reading';
  private wake: () => void = () => undefined;
  private more = this.nextNews();

  /** Begins to read. */
  private constructor(private readonly source: ListingSource) {
    this.reading = this.read();
    // Told to whoever asks for samples.
    this.reading.catch(() => undefined);
  }

  /**
   * A listing whose head is known: ten thousand samples, or all.
   *
   * @throws Failure `dataset-unusable`
   */
  static async open(source: ListingSource): Promise<Listing> {
    const listing = new Listing(source);
    await listing.reach(headLength);
    if (listing.size === 0) throw source.empty();
    return listing;
  }

  get root(): string {
    return this.source.root;
  }

  get folders(): boolean {
    return this.source.folders;
  }

  get numbersAre(): LabelReading | undefined {
    return this.source.numbersAre;
  }

  /** How many samples are known. */
  get size(): number {
    return this.known.length;
  }

  /** Whether these are all. */
  get isWhole(): boolean {
    return this.state === 'whole';
  }

  /** Of the samples that are known; each once, in code-unit order. */
  get labels(): readonly string[] {
    return [...this.labelsSeen.keys()].sort(byCodeUnits);
  }

  /**
   * Waits until all samples are known.
   *
   * @throws Failure `dataset-unusable`
   */
  async whole(): Promise<Pick<SampleList, 'skipped' | 'notices'>> {
    this.isAwaited = true;
    await this.reading;
    return { skipped: this.source.skipped(), notices: this.source.notices() };
  }

  /** The samples in their order, each as soon as it is known. @throws Failure `dataset-unusable` */
  async *[Symbol.asyncIterator](): AsyncGenerator<Sample> {
    for (let at = 0; ; at++) {
      if (at >= this.size) await this.reach(at + 1);
      const listed = this.known[at];
      if (listed === undefined) return;
      yield this.sample(listed);
    }
  }

  /** Of those that are known. */
  find(name: string): Sample | undefined {
    const listed = this.known.find((one) => one.name === name);
    return listed && this.sample(listed);
  }

  /** Of those that are known. @param file absolute path */
  findFile(file: string): Sample | undefined {
    return this.find(path.relative(this.root, file).split(path.sep).join('/'));
  }

  /** Of those that are known. */
  *samplesSoFar(): Generator<Sample> {
    for (const listed of this.known) yield this.sample(listed);
  }

  /** Nobody asks for more: reading ends where it is. */
  close(): void {
    if (this.state === 'reading') this.state = 'closed';
  }

  private sample(listed: Listed): Sample {
    const { name, label, split } = listed;
    return { path: path.resolve(this.root, name), name, label, split };
  }

  /** Waits until so many samples are known, or all that there are. */
  private async reach(count: number): Promise<void> {
    while (this.state === 'reading' && this.size < count) await this.more;
    if (this.size < count) await this.reading;
  }

  private async read(): Promise<void> {
    let started = performance.now();
    try {
      for await (const some of this.source.samples()) {
        if (this.state === 'closed') return;
        for (const { name, label, split } of some)
          this.known.push({ name, label: label === undefined ? label : this.shared(label), split });
        this.tell();
        await this.rest(performance.now() - started);
        started = performance.now();
      }
      this.state = 'whole';
    } catch (error) {
      this.state = 'closed';
      throw error;
    } finally {
      this.tell();
    }
  }

  /** Work that waits for a head begins as soon as it is there; then it gets half of the time. */
  private async rest(spent: number): Promise<void> {
    const isHurried = this.isAwaited || this.size < headLength;
    await (isHurried ? setImmediate() : setTimeout(spent));
  }

  /** One text for all samples of a label. */
  private shared(label: string): string {
    const known = this.labelsSeen.get(label);
    if (known === undefined) this.labelsSeen.set(label, label);
    return known ?? label;
  }

  private tell(): void {
    this.wake();
    this.more = this.nextNews();
  }

  private nextNews(): Promise<void> {
    return new Promise((resolve) => (this.wake = resolve));
  }
}

/** All samples at once. @throws Failure `dataset-unusable` */
export async function wholeList(listing: Listing): Promise<SampleList> {
  const facts = await listing.whole();
  return { root: listing.root, samples: [...listing.samplesSoFar()], ...facts };
}
