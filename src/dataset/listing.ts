/** A dataset that is worked on while it is still being listed. */
import path from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { Failure } from '../shared/failure';
import type { LabelReading } from '../shared/label-reading';
import { NameTable } from './name-list';
import { classesOf, type Sample, type SampleList, type Skipped } from './sample';

/** What a listing finds of a sample; its path follows from its name. */
export type Listed = Omit<Sample, 'path'>;

type Mark = Omit<Listed, 'name'>;

/** Where samples come from. */
export interface ListingSource {
  /** The folder that the names are relative to. */
  readonly root: string;
  /** Whether labels are the names of folders, which libraries number in their order. */
  readonly folders: boolean;
  /** How labels that are numbers are read, where the kind of dataset says so. */
  readonly numbersAre?: LabelReading;
  /**
   * The samples in a stable order, several at a time; of the same name, the first counts.
   *
   * @throws Failure `dataset-unusable`
   */
  readonly samples: () => AsyncIterable<readonly Listed[]> | Iterable<readonly Listed[]>;
  /** A name came once more. */
  readonly repeated?: (name: string) => void;
  /** What was passed over so far. */
  readonly skipped: () => readonly Skipped[];
  /** How the labels were found where that is not plain, in sentences; of what was read so far. */
  readonly notices: () => readonly string[];
  /** What to say where there is no sample at all. */
  readonly empty: () => Failure;
}

/** So many samples are listed before the work begins: what must be decided before it is decided by them. */
const headLength = 10_000;

/** More would not fit into memory. */
const mostSamples = 20_000_000;

/**
 * Samples as far as they are known. Reading goes on by itself; of each sample its name stays in memory,
 * and some thirty bytes besides.
 */
export class Listing implements AsyncIterable<Sample> {
  private readonly names = new NameTable();
  private readonly marks: Mark[] = [];
  /** One for all samples of the same label and part. */
  private readonly marksSeen = new Map<string, Mark>();
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
    return this.names.size;
  }

  /** Whether these are all. */
  get isWhole(): boolean {
    return this.state === 'whole';
  }

  /** Of the samples that are known; each once, in code-unit order. */
  get labels(): readonly string[] {
    return classesOf(this.marksSeen.values());
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
      if (at >= this.size) return;
      yield this.sample(at);
    }
  }

  /** Of those that are known. */
  find(name: string): Sample | undefined {
    const at = this.names.indexOf(name);
    return at < 0 ? undefined : this.sample(at);
  }

  /** Of those that are known. @param file absolute path */
  findFile(file: string): Sample | undefined {
    return this.find(path.relative(this.root, file).split(path.sep).join('/'));
  }

  /** Of those that are known. */
  *samplesSoFar(): Generator<Sample> {
    const { size } = this;
    for (let at = 0; at < size; at++) yield this.sample(at);
  }

  /** Nobody asks for more: reading ends where it is. */
  close(): void {
    if (this.state === 'reading') this.state = 'closed';
  }

  private sample(at: number): Sample {
    const name = this.names.at(at);
    const { label, split } = this.marks[at] ?? {};
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
        for (const listed of some) this.add(listed);
        if (this.size > mostSamples) throw tooMany();
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

  private add({ name, label, split }: Listed): void {
    if (!this.names.add(name)) {
      this.source.repeated?.(name);
      return;
    }
    const key = `${split ?? ''}:${label === undefined ? '' : `:${label}`}`;
    const mark = this.marksSeen.get(key) ?? { label, split };
    this.marksSeen.set(key, mark);
    this.marks.push(mark);
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

function tooMany(): Failure {
  return new Failure(
    'dataset-unusable',
    `There are more than ${mostSamples} samples, whose names would not fit into memory.`,
    'Divide the list or the folder, and explain one part after the other.',
  );
}
