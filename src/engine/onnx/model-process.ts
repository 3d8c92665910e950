/** Runs models in a process of its own: what they take of memory goes when it ends. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { InferenceSession, Tensor } from 'onnxruntime-node';

/** A tensor as plain data. */
export interface TensorData {
  readonly type: Tensor.Type;
  readonly data: Tensor.DataType;
  readonly dims: readonly number[];
}

/** A model, and the inputs that it is run with one after another. */
export interface ModelJob {
  /** A path, or the bytes of a model. */
  readonly model: string | Uint8Array;
  readonly options: InferenceSession.SessionOptions;
  readonly inputs: readonly Readonly<Record<string, TensorData>>[];
  /** Left out: all that the model gives. */
  readonly outputs?: readonly string[];
}

/** The outputs by name, for each set of inputs. */
export type ModelResults = readonly Readonly<Record<string, TensorData>>[];

/** The process could not be started or ended early: nothing is known of the model. */
export class ModelProcessEnded extends Error {}

/** ONNX Runtime refuses the model, or fails at a run. */
export class ModelRunFailed extends Error {}

type Answer = { readonly results: ModelResults } | { readonly error: string };

export class ModelProcess {
  private readonly child: ChildProcess;
  private last: Promise<unknown> = Promise.resolve();
  /** Settled when the process is gone. */
  private readonly gone: Promise<string>;

  constructor() {
    // Beside this file, or beside the bundle that holds it.
    this.child = fork(path.join(__dirname, 'model-runner.mjs'), [], {
      env: { ...process.env, ORT_DISABLE_TELEMETRY: '1', ELECTRON_RUN_AS_NODE: '1' },
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    // The wait for an answer keeps this process alive, the mere presence of the child does not.
    this.child.unref();
    this.child.channel?.unref();
    this.gone = new Promise((resolve) => {
      this.child.once('error', (error) => resolve(error.message));
      this.child.once('exit', (code, signal) =>
        resolve(signal ? `it was ended by ${signal}` : `it exited with code ${code ?? 0}`),
      );
    });
  }

  /**
   * One job after another.
   * @throws ModelRunFailed, ModelProcessEnded
   */
  run(job: ModelJob): Promise<ModelResults> {
    const answer = this.last.then(() => this.ask(job));
    this.last = answer.catch(() => undefined);
    return answer;
  }

  /** Ends the process, in mid-run too. */
  async end(): Promise<void> {
    this.child.ref();
    this.child.kill('SIGKILL');
    await this.gone;
  }

  private async ask(job: ModelJob): Promise<ModelResults> {
    this.child.ref();
    this.child.channel?.ref();
    try {
      const answer = await new Promise<Answer>((resolve, reject) => {
        this.child.once('message', resolve);
        void this.gone.then((how) => reject(new ModelProcessEnded(how)));
        this.child.send(job, (error) => {
          if (error) reject(new ModelProcessEnded(error.message));
        });
      });
      if ('error' in answer) throw new ModelRunFailed(answer.error);
      return answer.results;
    } finally {
      this.child.channel?.unref();
      this.child.unref();
    }
  }
}
