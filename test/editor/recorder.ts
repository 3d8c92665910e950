/** Runs named checks one after another and remembers how each ended. */

export interface Outcome {
  readonly name: string;
  readonly passed: boolean;
  readonly seconds: number;
  readonly error?: string;
}

export class Recorder {
  readonly outcomes: Outcome[] = [];
  readonly skipped: string[] = [];

  /** @param only part of the names to run; all when left out */
  constructor(private readonly only: string | undefined) {}

  /**
   * @param onFailure called before the next check, e.g. to keep a screenshot
   * @returns whether it passed
   */
  async check(
    name: string,
    body: () => Promise<void>,
    onFailure?: (name: string) => Promise<void>,
  ): Promise<boolean> {
    if (this.only !== undefined && !name.includes(this.only)) return true;
    const started = performance.now();
    let error: string | undefined;
    try {
      await body();
    } catch (thrown) {
      error = thrown instanceof Error ? briefly(thrown) : String(thrown);
    }
    const seconds = (performance.now() - started) / 1000;
    this.add({ name, passed: error === undefined, seconds, ...(error !== undefined && { error }) });
    if (error !== undefined) await onFailure?.(name);
    return error === undefined;
  }

  add(outcome: Outcome): void {
    this.outcomes.push(outcome);
    const mark = outcome.passed ? '✓' : '✗';
    console.log(`${mark} ${outcome.name} (${outcome.seconds.toFixed(1)} s)`);
    if (outcome.error !== undefined) console.log(outcome.error.replace(/^/gm, '    '));
  }

  /** Something broke outside of a check. */
  fail(name: string, thrown: unknown): void {
    const error = thrown instanceof Error ? briefly(thrown) : String(thrown);
    this.add({ name, passed: false, seconds: 0, error });
  }

  /** A check that cannot run here, with the reason. */
  skip(name: string, reason: string): void {
    this.skipped.push(name);
    console.log(`- ${name} (left out: ${reason})`);
  }
}

/** The message without the driver's long account of what it tried, and where in the tests it was. */
function briefly({ message, stack = '' }: Error): string {
  const [first = ''] = message.split('Call log:');
  const tried = (message.split('Call log:')[1] ?? '').trim().split('\n').slice(0, 3).join('\n');
  const where = stack.split('\n').filter((line) => /test\/editor\/(suites|host)/.test(line));
  return [first.trim(), tried, ...where].filter((part) => part !== '').join('\n');
}
