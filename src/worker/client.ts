/**
 * The other end of the worker process: starts it when a call needs it, sends one call at a time,
 * and starts it anew when it was killed, crashed or ended itself for being idle.
 *
 * Inference blocks the worker's JavaScript thread, so a running call can be stopped by killing the
 * process only; a waiting call is just taken out of the queue.
 *
 * It takes the protocol's types and not its schemas: what it receives was written by the same build.
 * The worker checks what it is asked.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Failure, failureFrom } from '../shared/failure';
import type { CallEvent, CallName, Params, Result, Tell } from '../shared/protocol/calls';
import type { WorkerSettings } from '../shared/protocol/settings';
import type { FromWorker, ToWorker } from '../shared/protocol/worker';
import { deathOf } from './death';

export interface CallOptions<Name extends CallName> {
  /** Whoever asks, e.g. one panel: its newest call replaces the ones it still has pending. */
  readonly owner?: string;
  readonly signal?: AbortSignal;
  readonly onEvent?: Tell<Name>;
}

/** A replaced call may run on for so long before it is killed: what it has loaded stays of use. */
const replacedCallMayRunOn = 1000;
const keptOutput = 4000;

interface Request {
  readonly id: number;
  readonly message: Extract<ToWorker, { kind: 'call' }>;
  readonly owner: string | undefined;
  /** What it is told and answered is the call's own: the worker's `answers` are bound to that. */
  readonly onEvent: (event: unknown) => void;
  readonly resolve: (result: unknown) => void;
  readonly reject: (failure: Failure) => void;
  /** Whether the worker has begun it: until then, the end of the process has nothing to do with it. */
  begun: boolean;
  /** Whether it was sent again, to another process. */
  resent: boolean;
}

export class WorkerClient {
  private child: ChildProcess | undefined;
  private running: Request | undefined;
  private waiting: Request[] = [];
  private lastId = 0;
  private disposed = false;

  /**
   * @param workerFile the bundled `worker.js`
   * @param onLog receives what the process writes, line by line
   */
  constructor(
    private readonly workerFile: string,
    private readonly settings: WorkerSettings,
    private readonly onLog: (line: string) => void,
  ) {}

  /** Process id of the worker, while there is one. */
  get processId(): number | undefined {
    return this.child?.pid;
  }

  /**
   * Runs one call.
   *
   * @throws Failure whatever the call failed with; `cancelled` when it was aborted or replaced by a
   * newer one of the same owner; `worker-died` when the process ended under it
   */
  call<Name extends CallName>(
    name: Name,
    params: Params<Name>,
    { owner, signal, onEvent }: CallOptions<Name> = {},
  ): Promise<Result<Name>> {
    return new Promise((resolve, reject) => {
      if (this.disposed || signal?.aborted) {
        reject(cancelled());
        return;
      }
      const id = ++this.lastId;
      const onAbort = () => {
        this.drop(request, 0);
      };
      const request: Request = {
        id,
        message: { kind: 'call', id, name, params },
        owner,
        onEvent: (event) => onEvent?.(event as CallEvent<Name>),
        resolve: (result) => {
          signal?.removeEventListener('abort', onAbort);
          resolve(result as Result<Name>);
        },
        reject: (failure) => {
          signal?.removeEventListener('abort', onAbort);
          reject(failure);
        },
        begun: false,
        resent: false,
      };
      signal?.addEventListener('abort', onAbort);
      if (owner !== undefined) this.replaceCallsOf(owner);
      this.waiting.push(request);
      this.sendNext();
    });
  }

  /** Ends the process if it is at nothing, so that it has no file open; the next call starts another. */
  async rest(): Promise<void> {
    const { child } = this;
    if (!child || this.running) return;
    const ended = once(child, 'close');
    this.kill();
    await ended;
  }

  /** Ends the process; every pending call is cancelled, and so is every later one. */
  dispose(): void {
    this.disposed = true;
    const pending = [...(this.running ? [this.running] : []), ...this.waiting];
    this.waiting = [];
    this.kill();
    for (const request of pending) request.reject(cancelled());
  }

  private replaceCallsOf(owner: string): void {
    const pending = [...(this.running ? [this.running] : []), ...this.waiting];
    for (const request of pending.filter((one) => one.owner === owner))
      this.drop(request, replacedCallMayRunOn);
  }

  /** Rejects a pending call at once; if it is the running one, the process has `grace` ms to finish it. */
  private drop(request: Request, grace: number): void {
    request.reject(cancelled());
    this.waiting = this.waiting.filter((one) => one !== request);
    if (this.running !== request) return;
    const stop = () => {
      if (this.running === request) {
        this.kill();
        this.sendNext();
      }
    };
    if (grace === 0) stop();
    else setTimeout(stop, grace).unref();
  }

  private kill(): void {
    this.child?.kill('SIGKILL');
    this.child = undefined;
    this.running = undefined;
  }

  private sendNext(): void {
    if (this.running || this.disposed) return;
    this.running = this.waiting.shift();
    if (this.running) {
      this.child ??= this.start();
      this.child.send(this.running.message, ignoreClosedChannel);
    }
  }

  private start(): ChildProcess {
    // A debugger may attach there; `.vscode/launch.json` sets it.
    const { VIT_EXPLAINER_INSPECT_WORKER: port } = process.env;
    const child = fork(this.workerFile, [], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      execArgv: port === undefined ? [] : [`--inspect=${port}`],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output = (output + text).slice(-keptOutput);
        text.split('\n').filter(Boolean).forEach(this.onLog);
      });
    }
    child.on('message', (message: FromWorker) => {
      if (this.child === child) this.receive(message);
    });
    child.on('error', (error) => {
      this.ended(child, deathOf(`it could not be started (${error.message})`, output));
    });
    // 'close' comes after the last output was read, which 'exit' does not promise.
    child.on('close', (code, signal) => {
      this.ended(child, deathOf(signal ?? code, output), code === 0);
    });
    child.send(
      { kind: 'settings', settings: this.settings } satisfies ToWorker,
      ignoreClosedChannel,
    );
    return child;
  }

  private receive(message: FromWorker): void {
    const request = this.running;
    if (request?.id !== message.id) return;
    if (message.kind === 'begun') {
      request.begun = true;
      return;
    }
    if (message.kind === 'event') {
      request.onEvent(message.event);
      return;
    }
    this.running = undefined;
    if (message.kind === 'result') request.resolve(message.result);
    else request.reject(failureFrom(message.failure));
    this.sendNext();
  }

  /** @param byItself whether it ended itself for being idle */
  private ended(child: ChildProcess, death: Failure, byItself = false): void {
    if (this.child !== child) return;
    const request = this.running;
    this.child = undefined;
    this.running = undefined;
    if (!byItself) this.onLog(`worker: ${death.message}`);
    if (request && !request.begun && !request.resent) {
      // The process was idle, or only starting, while this call was on its way.
      request.resent = true;
      this.waiting.unshift(request);
    } else {
      request?.reject(death);
    }
    this.sendNext();
  }
}

function cancelled(): Failure {
  return new Failure('cancelled', 'The request was cancelled.', 'Ask again whenever you like.');
}

/** A process that is gone cannot be written to; its 'close' event tells what to do about the call. */
function ignoreClosedChannel(): void {
  // Nothing to do here.
}
