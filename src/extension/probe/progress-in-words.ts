/** Stages and counts as the lines of a progress notification. */
export class ProgressInWords {
  private phrase = '';
  private done = 0;
  private total = 0;
  private shown = 0;

  /** @param report takes a line, and by how many per cent the bar grows */
  constructor(private readonly report: (line: string, increment: number) => void) {}

  /** How far the last count went, for a sentence; empty before the first count. */
  get counted(): string {
    return this.total === 0 ? '' : ` after ${this.done} of ${this.total} pictures`;
  }

  stage(phrase: string): void {
    this.phrase = phrase;
    this.report(`${phrase}…`, 0);
  }

  count(done: number, total: number): void {
    [this.done, this.total] = [done, total];
    const share = (100 * done) / total;
    const increment = Math.max(0, share - this.shown);
    this.shown += increment;
    this.report(`${this.phrase}: ${done} of ${total}`, increment);
  }
}
