/** How much a process with its children takes for one input. */
import { readFile } from 'node:fs/promises';

interface Usage {
  /** Resident. */
  readonly bytes: number;
  /** Of the processors' time. */
  readonly seconds: number;
}

/** A process that sleeps is let sleep for so many times as long as one that works may work: it may only wait. */
const patience = 30;

export class Meter {
  /** The most that was seen of what it held more than before. */
  bytes = 0;
  private worked = Infinity;
  private readonly began = performance.now();
  private ended: number | undefined;

  private constructor(
    private readonly processId: number,
    private readonly before: Usage | undefined,
  ) {}

  static async begin(processId: number): Promise<Meter> {
    return new Meter(processId, await usageOfTree(processId));
  }

  /** Reads what the process has taken so far; nothing where the system does not say so (Linux does). */
  async read(): Promise<void> {
    const now = await usageOfTree(this.processId);
    if (now === undefined || this.before === undefined || this.isStopped) return;
    this.bytes = Math.max(this.bytes, now.bytes - this.before.bytes);
    this.worked = now.seconds - this.before.seconds;
  }

  /** From here on it works for somebody else. */
  stop(): void {
    this.ended ??= performance.now();
  }

  get isStopped(): boolean {
    return this.ended !== undefined;
  }

  /**
   * By the clock, or those that the processors worked for it where these are fewer: others may want
   * them too.
   */
  get seconds(): number {
    const passed = ((this.ended ?? performance.now()) - this.began) / 1000;
    return Math.min(passed, Math.max(this.worked, passed / patience));
  }
}

const pageBytes = 4096;
const ticksOfSecond = 100;

async function usageOfTree(processId: number): Promise<Usage | undefined> {
  const folder = `/proc/${processId}`;
  try {
    const [stat, children] = await Promise.all([
      readFile(`${folder}/stat`, 'latin1'),
      readFile(`${folder}/task/${processId}/children`, 'latin1'),
    ]);
    // The name, in brackets, may hold blanks; behind it stands the third field.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    // Its own and those of its children that have ended, in the program and in the system.
    const ticks = fields.slice(11, 15).reduce((sum, one) => sum + one, 0);
    const own = { bytes: (fields[21] ?? 0) * pageBytes, seconds: ticks / ticksOfSecond };
    const others = await Promise.all(
      children.split(' ').filter(Boolean).map(Number).map(usageOfTree),
    );
    return [own, ...others].reduce<Usage>(
      (sum, one) => ({
        bytes: sum.bytes + (one?.bytes ?? 0),
        seconds: sum.seconds + (one?.seconds ?? 0),
      }),
      { bytes: 0, seconds: 0 },
    );
  } catch {
    return undefined;
  }
}
