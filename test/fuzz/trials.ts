/** Tries inputs in a process that is ended where it takes too long or too much. */
import { fork, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { gradientPicture } from '../process/scene';
import type { Told, Task } from './child';
import type { Input } from './input';
import { fault, type Verdict } from './judges/verdict';
import type { Limits } from './limits';
import { Meter } from './meter';

export interface Trial {
  readonly verdict: Verdict;
  /** Until the verdict, the comparison with ONNX Runtime left out; as `Meter` counts them. */
  readonly seconds: number;
  readonly bytes: number;
}

/** A process is taken for so many inputs, since what is left open adds up. */
const inputsOfProcess = 200;
const watchMs = 50;
/** Plain ONNX Runtime may take its time: how long is no matter of ours. */
const comparingMs = 60_000;

export class Trials {
  private child: ChildProcess | undefined;
  private tried = 0;

  private constructor(
    private readonly program: string,
    private readonly limits: Limits,
    private readonly environment: NodeJS.ProcessEnv,
    private readonly folder: string,
    private readonly picture: Uint8Array,
  ) {}

  /**
   * @param program the bundled `child.ts`
   * @param environment of the process, beside that of this one
   */
  static async begin(
    program: string,
    limits: Limits,
    environment: NodeJS.ProcessEnv = {},
  ): Promise<Trials> {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'vit-fuzz-'));
    const picture = await gradientPicture(40, 30).png().toBuffer();
    return new Trials(program, limits, environment, folder, picture);
  }

  async try(input: Input): Promise<Trial> {
    const folder = path.join(this.folder, 'input');
    await rm(folder, { recursive: true, force: true });
    await writeInput(folder, input);
    const { picture } = this;
    const cacheFolder = path.join(this.folder, 'cache');
    const { ask, path: file } = input;
    return this.ask({ ask, path: file, folder, cacheFolder, picture });
  }

  async end(): Promise<void> {
    this.stop();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  private async ask(task: Task): Promise<Trial> {
    if (this.tried >= inputsOfProcess) this.stop();
    const child = (this.child ??= this.start());
    this.tried += 1;
    const meter = await Meter.begin(child.pid ?? 0);
    let comparingFrom: number | undefined;
    return new Promise((resolve) => {
      const settle = (verdict: Verdict) => {
        clearInterval(watch);
        meter.stop();
        child.off('message', heard).off('exit', gone);
        resolve({ verdict, seconds: meter.seconds, bytes: meter.bytes });
      };
      const heard = (told: Told) => {
        if (told !== 'comparing') {
          settle(told.verdict);
          return;
        }
        comparingFrom = performance.now();
        meter.stop();
      };
      const overrun = (what: string) => {
        this.stop();
        settle(fault(what));
      };
      const gone = (code: number | null, signal: string | null) => {
        this.child = undefined;
        // Of a file that only ONNX Runtime itself stumbles over there is no answer to compare with.
        if (comparingFrom !== undefined) settle({ kind: 'answered', compared: false });
        else settle(fault(`the process ended: ${signal ?? `exit code ${code}`}`));
      };
      child.on('message', heard).on('exit', gone);
      child.send(task);
      const { limits } = this;
      const watch = setInterval(() => {
        if (comparingFrom !== undefined) {
          if (performance.now() - comparingFrom > comparingMs) this.stop();
          return;
        }
        void meter.read().then(() => {
          if (meter.isStopped) return;
          if (meter.seconds > limits.seconds) overrun(`no answer within ${limits.seconds} s`);
          else if (meter.bytes > limits.bytes)
            overrun(`more than ${limits.bytes / 1e9} GB of memory`);
        });
      }, watchMs);
    });
  }

  private start(): ChildProcess {
    this.tried = 0;
    return fork(this.program, {
      env: { ...process.env, ...this.environment },
      execArgv: [],
      serialization: 'advanced',
      // With a group of its own: what it started ends with it.
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
  }

  private stop(): void {
    const { child } = this;
    this.child = undefined;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      child.kill('SIGKILL');
    }
  }
}

/** Writes the files of an input into a folder. */
export async function writeInput(folder: string, { files }: Input): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }
}
