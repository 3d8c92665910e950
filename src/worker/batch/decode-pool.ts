/** Threads that decode ahead of the model: decoding and resizing overlap with its arithmetic. */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { Failure, failureData } from '../../shared/failure';
import type { DecodeAnswer, DecodeJob } from './decode-job';

interface Task {
  readonly job: DecodeJob;
  readonly resolve: (answer: DecodeAnswer) => void;
}

/**
 * Jobs that lie ready at a thread. The thread that runs the model hands out new ones only between
 * two runs, so a decoder with a single job would stand idle for the rest of each run.
 */
const JOBS_AT_HAND = 3;

/** A few jobs at hand for each thread; the others wait in line. */
export class DecodePool {
  private readonly threads: Thread[] = [];
  private readonly waiting: Task[] = [];

  /** @param size how many threads at most; they are started as jobs come */
  constructor(readonly size: number) {}

  decode(job: DecodeJob): Promise<DecodeAnswer> {
    return new Promise((resolve) => {
      this.waiting.push({ job, resolve });
      this.next();
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.threads.splice(0).map((thread) => thread.end()));
  }

  private next(): void {
    while (this.waiting.length > 0) {
      const free =
        this.threads.find(({ load }) => load === 0) ?? this.another() ?? this.leastLoaded();
      const task = free && this.waiting.shift();
      if (!task) return;
      free.run(task);
    }
  }

  private leastLoaded(): Thread | undefined {
    const [least] = [...this.threads].sort((a, b) => a.load - b.load);
    return least && least.load < JOBS_AT_HAND ? least : undefined;
  }

  private another(): Thread | undefined {
    if (this.threads.length >= this.size) return undefined;
    const thread = new Thread(
      () => this.next(),
      (unanswered) => {
        this.threads.splice(this.threads.indexOf(thread), 1);
        this.waiting.unshift(...unanswered);
      },
    );
    this.threads.push(thread);
    return thread;
  }
}

class Thread {
  // The bundle lies beside the one that runs.
  private readonly worker = new Worker(path.join(__dirname, 'decode-thread.js'));
  /** In the order in which the thread takes them. */
  private readonly tasks: Task[] = [];

  constructor(onIdle: () => void, onEnd: (unanswered: readonly Task[]) => void) {
    this.worker.unref();
    this.worker.on('message', (answer: DecodeAnswer) => {
      this.finish(answer);
      onIdle();
    });
    // What ends a thread (memory, above all) is the fault of the picture it was at.
    this.worker.on('error', (cause: unknown) => {
      this.finish({ ok: false, failure: failureData(threadFailure(cause)) });
      onEnd(this.tasks.splice(0));
      onIdle();
    });
  }

  get load(): number {
    return this.tasks.length;
  }

  run(task: Task): void {
    this.tasks.push(task);
    this.worker.ref();
    this.worker.postMessage(task.job);
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }

  private finish(answer: DecodeAnswer): void {
    const task = this.tasks.shift();
    if (this.tasks.length === 0) this.worker.unref();
    task?.resolve(answer);
  }
}

function threadFailure(cause: unknown): Failure {
  return new Failure(
    'image-unreadable',
    `The thread that decoded this picture ended: ${cause instanceof Error ? cause.message : String(cause)}`,
    'Look at this file by itself; scale it down if it is very large.',
    { cause },
  );
}
