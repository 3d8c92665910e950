/** Running the command line on one situation, and reading what it wrote. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { readNpy } from '../../src/shared/npy';

/** What a situation gives, beside what it should give. */
export interface Outcome {
  readonly got: string;
  readonly expected: string;
  readonly right: boolean;
}

/** What PyTorch and Pillow say of a model's answer; `expected.json` has one for each. */
export interface Expected {
  readonly logits?: readonly number[];
  readonly probabilities?: readonly number[];
}

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** What `explain --json` writes, as far as situations look at it. */
export interface Figures {
  readonly topK: readonly {
    readonly index: number;
    readonly probability?: number;
    readonly logit?: number;
  }[];
  readonly assumed: readonly { readonly subject: string; readonly value: string }[];
  readonly notices: readonly string[];
  readonly explanations: readonly { readonly index: number; readonly heatmap: readonly number[] }[];
}

/** Longer than any situation may take on a busy machine. */
const patienceMs = 120_000;

export class Tools {
  private constructor(
    /** Of the situations. */
    readonly folder: string,
    private readonly program: string,
    /** For caches and results; gone with `remove`. */
    readonly own: string,
    private readonly expectations: Readonly<Record<string, Expected>>,
  ) {}

  /** @param program the bundled command line */
  static async open(folder: string, program: string): Promise<Tools> {
    const own = await mkdtemp(path.join(os.tmpdir(), 'vit-cases-'));
    const expectations = JSON.parse(
      await readFile(path.join(folder, 'expected.json'), 'utf8'),
    ) as Record<string, Expected>;
    return new Tools(path.resolve(folder), program, own, expectations);
  }

  remove(): Promise<void> {
    return rm(this.own, { recursive: true, force: true });
  }

  /** @throws Error for a name that is not in `expected.json` */
  expected(name: string): Expected {
    const known = this.expectations[name];
    if (known === undefined) throw new Error(`expected.json says nothing of ${name}`);
    return known;
  }

  run(args: readonly string[]): Promise<Ran> {
    const began = performance.now();
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [this.program, ...args], {
        cwd: this.folder,
        env: { ...process.env, XDG_CACHE_HOME: this.own, XDG_DATA_HOME: this.own },
        timeout: patienceMs,
        killSignal: 'SIGKILL',
      });
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      child.on('error', reject);
      child.on('close', (code) => {
        resolve({ code, stdout, stderr, seconds: (performance.now() - began) / 1000 });
      });
    });
  }

  /** All classes of one picture or tensor, and the maps of the first three. */
  async explain(
    input: string,
    model: string,
    { method = 'attention', tensor = input.endsWith('.npy') } = {},
  ): Promise<Figures> {
    const out = await mkdtemp(path.join(this.own, 'explain-'));
    const kind = tensor ? ['--tensor'] : [];
    const what = [input, ...kind, '--model', model, '--method', method, '--top-k', '20'];
    const { stderr } = await this.run(['explain', ...what, '--json', '--out', out]);
    const file = path.join(out, `${path.parse(input).name}.json`);
    try {
      return JSON.parse(await readFile(file, 'utf8')) as Figures;
    } catch {
      throw new Error(lastLine(stderr));
    }
  }

  /** By ONNX Runtime alone, its optimiser off. */
  async plainOutputs(model: string, tensor: string): Promise<readonly number[]> {
    const session = await InferenceSession.create(path.join(this.folder, model), {
      graphOptimizationLevel: 'disabled',
      logSeverityLevel: 3,
    });
    const { shape, values } = readNpy(await readFile(path.join(this.folder, tensor)));
    const [input = '', output = ''] = [session.inputNames[0], session.outputNames[0]];
    const answer = await session.run({ [input]: new Tensor('float32', values, [...shape]) });
    await session.release();
    return Array.from((answer[output]?.data ?? []) as Float32Array);
  }

  /** The rows of `batch --csv`, by the name of the picture. */
  async batch(
    args: readonly string[],
  ): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> {
    const csv = path.join(await mkdtemp(path.join(this.own, 'batch-')), 'q.csv');
    const { code, stderr } = await this.run(['batch', ...args, '--csv', csv]);
    if (code !== 0) throw new Error(lastLine(stderr));
    const [head = '', ...lines] = (await readFile(csv, 'utf8')).trim().split('\r\n');
    const names = head.split(',');
    return new Map(
      lines.map((line) => {
        const cells = line.split(',');
        return [
          cells[0] ?? '',
          Object.fromEntries(names.map((name, at) => [name, cells[at] ?? ''])),
        ];
      }),
    );
  }
}

/** What a failed command says: the sentence with the reason comes last, the advice behind it. */
export function lastLine(text: string): string {
  return text.trim().split('\n').slice(-2).join(' ');
}
