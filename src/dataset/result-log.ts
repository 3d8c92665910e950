/** The results of a run in the order in which they came, and read back in the order of their names. */
import type { SampleResult } from '../shared/sample-result';
import { reportLine } from './jsonl-report';
import type { LineStore } from './line-store';
import { NameList } from './name-list';
import { byCodeUnits } from './sample';

/** Lines read before others get their turn. */
const linesAtOnce = 64;

export class ResultLog {
  private readonly names = new NameList();
  private lastName = '';
  private isSorted = true;
  /** Lines that hold no longer. */
  private readonly dropped = new Set<number>();

  /** @param names of the lines that the store has already */
  constructor(
    private readonly store: LineStore,
    names: Iterable<string> = [],
  ) {
    for (const name of names) this.note(name);
  }

  /** How many results there are. */
  get size(): number {
    return this.names.size - this.dropped.size;
  }

  /** Whether the lines stand in the order of their names, each of use. */
  get inOrder(): boolean {
    return this.dropped.size === 0 && this.isSorted;
  }

  /** @throws what the file system says */
  add(result: SampleResult): void {
    this.store.append(reportLine(result));
    this.note(result.name);
  }

  result(at: number): SampleResult {
    return JSON.parse(this.store.line(at)) as SampleResult;
  }

  drop(at: number): void {
    this.dropped.add(at);
  }

  /** In the order of their names. @throws what the file system says */
  async *results(): AsyncGenerator<SampleResult> {
    let count = 0;
    for (const at of this.order()) {
      if (count++ % linesAtOnce === 0) await new Promise(setImmediate);
      yield this.result(at);
    }
  }

  /** Lines by the order of their names. */
  private order(): Iterable<number> {
    const { names, dropped } = this;
    const places = Uint32Array.from({ length: names.size }, (_, at) => at);
    const kept = dropped.size === 0 ? places : places.filter((at) => !dropped.has(at));
    if (this.isSorted) return kept;
    const texts = Array.from(places, (at) => names.at(at));
    return kept.sort((a, b) => byCodeUnits(texts[a] ?? '', texts[b] ?? ''));
  }

  private note(name: string): void {
    this.isSorted &&= this.names.size === 0 || this.lastName < name;
    this.lastName = name;
    this.names.push(name);
  }

  close(): void {
    this.store.close();
  }
}
