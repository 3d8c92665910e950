/** The threads that take pictures in: some decode only, others run a program on what they have decoded. */
import { createHash } from 'node:crypto';
import os from 'node:os';
import type { ImageProgram } from '../../engine/image-program';
import { PicturePool } from './picture-pool';
import { sessionsAtOnce } from './sessions-at-once';

/** One decoding thread keeps up with a small model; more help where decoding is the slower part. */
const decodingThreads = Math.max(1, Math.min(4, Math.floor(os.availableParallelism() / 2)));

interface Runners {
  readonly program: ImageProgram;
  /** What tells the program from every other one, whoever recorded it. */
  readonly key: string;
  readonly cores: number;
  readonly pool: PicturePool;
}

export class PictureThreads {
  readonly decoders = new PicturePool(decodingThreads);
  /** Of the newest program. */
  private runners: Runners | undefined;

  /**
   * Threads that run a program, each on pictures of its own; those of another program end.
   *
   * @param threads 0: as many as there are cores
   */
  async through(program: ImageProgram, threads: number): Promise<PicturePool> {
    const cores = threads > 0 ? threads : os.availableParallelism();
    const before = this.runners;
    if (before?.program === program && before.cores === cores) return before.pool;
    const key = keyOf(program);
    if (before?.key === key && before.cores === cores) return before.pool;
    await this.endRunners();
    const sessions = sessionsAtOnce(cores, program.bytes);
    const pool = new PicturePool(sessions.count, { program, threads: sessions.threads });
    this.runners = { program, key, cores, pool };
    return pool;
  }

  /** Ends the threads that run this program, if there are any. */
  async end(program: ImageProgram): Promise<void> {
    if (this.runners?.program === program) await this.endRunners();
  }

  /** Ends all threads; new ones are started when pictures come. */
  async close(): Promise<void> {
    await Promise.all([this.decoders.close(), this.endRunners()]);
  }

  private async endRunners(): Promise<void> {
    const before = this.runners;
    this.runners = undefined;
    await before?.pool.close();
  }
}

function keyOf({ model, weightsFolder }: ImageProgram): string {
  return JSON.stringify([createHash('sha256').update(model).digest('hex'), weightsFolder]);
}
