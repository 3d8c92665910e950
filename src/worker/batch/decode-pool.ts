/** Threads that decode ahead of the model: decoding and resizing overlap with its arithmetic. */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { Failure, failureData } from '../../shared/failure';
import type { DecodeAnswer, DecodeJob } from './decode-job';

interface Task {
  readonly job: DecodeJob;
  readonly resolve: (answer: DecodeAnswer) => void;
}

/** One job at a time for each thread; the others wait in line. */
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
    const idle = this.threads.find(({ busy }) => !busy) ?? this.another();
    const task = idle && this.waiting.shift();
    if (task) idle.run(task);
  }

  private another(): Thread | undefined {
    if (this.threads.length >= this.size) return undefined;
    const thread = new Thread(
      () => this.next(),
      () => this.threads.splice(this.threads.indexOf(thread), 1),
    );
    this.threads.push(thread);
    return thread;
  }
}

class Thread {
  // The bundle lies beside the one that runs.
  private readonly worker = new Worker(path.join(__dirname, 'decode-thread.js'));
  private task: Task | undefined;

  constructor(onIdle: () => void, onEnd: () => void) {
    this.worker.unref();
    this.worker.on('message', (answer: DecodeAnswer) => {
      this.finish(answer);
      onIdle();
    });
    // What ends a thread (memory, above all) is the fault of the picture it was at.
    this.worker.on('error', (cause: unknown) => {
      onEnd();
      this.finish({ ok: false, failure: failureData(threadFailure(cause)) });
      onIdle();
    });
  }

  get busy(): boolean {
    return this.task !== undefined;
  }

  run(task: Task): void {
    this.task = task;
    this.worker.ref();
    this.worker.postMessage(task.job, [task.job.bytes.buffer]);
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }

  private finish(answer: DecodeAnswer): void {
    const { task } = this;
    this.task = undefined;
    this.worker.unref();
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
