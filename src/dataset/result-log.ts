/** The results of a run in the order in which they came, and read back in the order of their names. */
import type { SampleResult } from '../shared/sample-result';
import { reportLine } from './jsonl-report';
import type { LineStore } from './line-store';
import { byCodeUnits } from './sample';

/** Lines read before others get their turn. */
const linesAtOnce = 64;

export class ResultLog {
  private readonly names: string[] = [];
  /** Lines that hold no longer. */
  private readonly dropped = new Set<number>();

  /** @param names of the lines that the store has already */
  constructor(
    private readonly store: LineStore,
    names: Iterable<string> = [],
  ) {
    for (const name of names) this.names.push(name);
  }

  /** How many results there are. */
  get size(): number {
    return this.names.length - this.dropped.size;
  }

  /** Whether the lines stand in the order of their names, each of use. */
  get inOrder(): boolean {
    const { names, dropped } = this;
    return (
      dropped.size === 0 && names.every((name, at) => at === 0 || (names[at - 1] ?? '') < name)
    );
  }

  /** @throws what the file system says */
  add(result: SampleResult): void {
    this.store.append(reportLine(result));
    this.names.push(result.name);
  }

  result(at: number): SampleResult {
    return JSON.parse(this.store.line(at)) as SampleResult;
  }

  drop(at: number): void {
    this.dropped.add(at);
  }

  /** In the order of their names. @throws what the file system says */
  async *results(): AsyncGenerator<SampleResult> {
    const { names, dropped } = this;
    const order = Array.from(names, (_, at) => at).filter((at) => !dropped.has(at));
    if (!this.inOrder) order.sort((a, b) => byCodeUnits(names[a] ?? '', names[b] ?? ''));
    for (const [count, at] of order.entries()) {
      if (count % linesAtOnce === 0) await new Promise(setImmediate);
      yield this.result(at);
    }
  }

  close(): void {
    this.store.close();
  }
}
