/** Threads that take pictures in, several at a time. */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { Failure, failureData } from '../../shared/failure';
import type { PictureAnswer, PictureJob, ThreadModel } from './picture-job';

interface Task {
  readonly job: PictureJob;
  readonly resolve: (answer: PictureAnswer) => void;
}

/** Jobs that lie ready at a thread: the thread that hands them out may be at a model of its own. */
const jobsAtHand = 3;

/** A few jobs at hand for each thread; the others wait in line. */
export class PicturePool {
  private readonly threads: Thread[] = [];
  private readonly waiting: Task[] = [];

  /**
   * @param size how many threads at most; they are started as jobs come
   * @param model what each thread runs on its pictures; without one it decodes only
   */
  constructor(
    readonly size: number,
    private readonly model?: ThreadModel,
  ) {}

  run(job: PictureJob): Promise<PictureAnswer> {
    return new Promise((resolve) => {
      this.waiting.push({ job, resolve });
      this.next();
    });
  }

  /** Waits for the jobs at hand; those in line are dropped, and never answered. */
  async close(): Promise<void> {
    this.waiting.length = 0;
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
    return least && least.load < jobsAtHand ? least : undefined;
  }

  private another(): Thread | undefined {
    if (this.threads.length >= this.size) return undefined;
    const thread = new Thread(
      this.model,
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
  private readonly worker: Worker;
  private readonly ended: Promise<void>;
  /** In the order in which the thread takes them. */
  private readonly tasks: Task[] = [];
  private isEnding = false;

  constructor(
    model: ThreadModel | undefined,
    onIdle: () => void,
    onEnd: (unanswered: readonly Task[]) => void,
  ) {
    // The bundle lies beside the one that runs.
    this.worker = new Worker(path.join(__dirname, 'picture-thread.js'), { workerData: model });
    this.worker.unref();
    this.ended = new Promise((resolve) => this.worker.once('exit', () => resolve()));
    this.worker.on('message', (answer: PictureAnswer) => {
      this.finish(answer);
      onIdle();
    });
    // What ends a thread (memory, above all) is the fault of the picture it was at.
    this.worker.on('error', (cause: unknown) => {
      this.finish({ ok: false, fault: 'picture', failure: failureData(threadFailure(cause)) });
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
    this.isEnding = true;
    this.worker.ref();
    this.worker.postMessage(undefined);
    await this.ended;
  }

  private finish(answer: PictureAnswer): void {
    const task = this.tasks.shift();
    // This process may end while a thread is idle, but not before one that it waits for.
    if (this.tasks.length === 0 && !this.isEnding) this.worker.unref();
    task?.resolve(answer);
  }
}

function threadFailure(cause: unknown): Failure {
  return new Failure(
    'image-unreadable',
    `The thread that read this picture ended: ${cause instanceof Error ? cause.message : String(cause)}`,
    'Look at this file by itself; scale it down if it is very large.',
    { cause },
  );
}
