/**
 * Compares a prepared model with the file as it came, in ONNX Runtime without any optimisation: what
 * prepares a model (its optimiser, our rewrites) must not change what the model says.
 */
import { carelessFusions, withoutFusions } from './fusions';
import { findNotFinite } from './find-not-finite';
import type { FoundNotFinite } from './find-not-finite';
import { ModelProcess, ModelProcessEnded, ModelRunFailed } from './model-process';
import { nativePath } from '../files/native-path';
import type { ModelResults } from './model-process';
import { refusedByRuntime } from './optimise';
import { originalInput, pictureFor } from './original';
import type { Original } from './original';
import type { PreparedModel } from './prepared-cache';
import { isFiniteThroughout, answersDifference } from './same-answers';
import { weightsEntry } from './stored-weights';
import { testPicture } from './test-picture';

/** Relative difference that float32 explains. */
const tolerance = 1e-4;

/** The same for a file that rounds what it computes to 16 bits or less. */
const roundedTolerance = 0.1;

/** A model that is so unsteady that rounding alone changes its answers by more is never accepted. */
const largestTolerance = 1e-2;

/** Relative change of the pixels that shows how a model magnifies rounding, and how much more is let pass. */
const nudge = 1e-6;
const nudgeFactor = 10;

/** Weights in bytes up to which several pictures cost nothing that a person feels. */
const smallModel = 64e6;

/** Weights are read once or a few times: to lay them out for their products takes as much memory again. */
const packNothing = { disable_prepacking: '1' };

const quiet = { logSeverityLevel: 3 as const, enableMemPattern: false };

/** A model with a file of weights, or whole in memory. */
type SessionModel = Pick<PreparedModel, 'bytes' | 'weightsFolder'>;

export type Verdict =
  /** The same answers. */
  | { readonly kind: 'same' }
  | { readonly kind: 'different'; readonly by: number }
  /** It could not be found out, for this reason. */
  | { readonly kind: 'unknown'; readonly reason: string }
  /** The file itself gives numbers that are none, here first, as far as that can be found. */
  | { readonly kind: 'not-finite'; readonly found: FoundNotFinite | undefined };

/** The comparison of one file with what is prepared from it: the file runs once. */
export class PreparedCheck {
  private readonly runner = new ModelProcess();
  private readonly pictures: readonly Float32Array[];
  private readonly reference: Promise<ModelResults | undefined>;

  /**
   * Starts to run the file.
   * @param size of the pictures that the prepared model takes
   * @param batch pictures that the file takes at once
   * @param weightBytes of the model
   */
  constructor(
    private readonly original: Original,
    private readonly size: readonly [height: number, width: number],
    private readonly batch: number,
    weightBytes: number,
  ) {
    const seeds = weightBytes < smallModel ? [1, 2, 3] : [1];
    this.pictures = seeds.map((seed) => pictureFor(original, testPicture(...size, seed)));
    this.reference = this.runOriginal(this.pictures);
    // It is told by `verdict`.
    this.reference.catch(() => undefined);
  }

  /**
   * @param input the prepared model's
   * @param plain gives the file in float32, before any optimisation, with the same input
   * @throws EngineError `model-unreadable`, `model-unknown-op` if ONNX Runtime does not run the file
   */
  async verdict(
    prepared: SessionModel,
    input: string,
    plain: () => SessionModel,
  ): Promise<Verdict> {
    const runPlain: Run = (pictures) => this.runPlain(plain(), input, pictures);
    const runOriginal: Run = async (pictures) => (await this.runOriginal(pictures)) ?? [];
    try {
      const found = await this.run(prepared, 'all', input, this.pictures);
      const original = await this.reference;
      const isExact = original !== undefined && !this.original.rounds;
      const expected = isExact ? original : await runPlain(this.pictures);
      const broken = expected.findIndex((outputs) => !isFiniteThroughout([outputs]));
      const picture = this.pictures[broken];
      if (picture) return { kind: 'not-finite', found: await this.find(plain(), input, picture) };
      const by = answersDifference(expected, found);
      if (!(by <= (await this.allowed(by, expected, isExact ? runOriginal : runPlain))))
        return { kind: 'different', by };
      if (isExact || !original || !isFiniteThroughout(original)) return { kind: 'same' };
      const roughly = answersDifference(original, found);
      return roughly <= roundedTolerance ? { kind: 'same' } : { kind: 'different', by: roughly };
    } catch (error) {
      if (error instanceof ModelProcessEnded) return { kind: 'unknown', reason: error.message };
      if (!(error instanceof ModelRunFailed)) throw error;
      if (/alloc|out of memory/i.test(error.message))
        return { kind: 'unknown', reason: 'there was not enough memory' };
      throw refusedByRuntime(error);
    }
  }

  /**
   * Whether another form of a prepared model says the same of a test picture.
   * @param input of both
   */
  async saysSame(prepared: SessionModel, other: SessionModel, input: string): Promise<boolean> {
    const one = this.pictures.slice(0, 1);
    try {
      const expected = await this.run(prepared, 'all', input, one);
      const found = await this.run(other, 'all', input, one);
      return answersDifference(expected, found) <= largestTolerance;
    } catch (error) {
      if (error instanceof ModelProcessEnded || error instanceof ModelRunFailed) return false;
      throw error;
    }
  }

  /** Ends the process that the models run in. */
  async end(): Promise<void> {
    await this.runner.end();
  }

  /** What may be rounding: of a model that magnifies it, more than of others. */
  private async allowed(by: number, expected: ModelResults, run: Run): Promise<number> {
    if (by <= tolerance) return tolerance;
    const nudged = this.pictures.map((one) =>
      one.map((value, i) => value * (1 + (i % 2 === 0 ? nudge : -nudge))),
    );
    const rounding = nudgeFactor * answersDifference(expected, await run(nudged));
    return Math.min(rounding, largestTolerance);
  }

  private find(
    plain: SessionModel,
    input: string,
    picture: Float32Array,
  ): Promise<FoundNotFinite | undefined> {
    return findNotFinite(plain.bytes, (bytes) =>
      this.runPlain({ ...plain, bytes }, input, [picture]),
    );
  }

  /** Undefined where ONNX Runtime cannot run the file as it came. */
  private async runOriginal(pictures: readonly Float32Array[]): Promise<ModelResults | undefined> {
    const { original } = this;
    const inputs = pictures.map((picture) => originalInput(original, picture, this.size));
    const known = inputs.filter((feeds) => feeds !== undefined);
    if (known.length < inputs.length) return undefined;
    const extra = { session: packNothing };
    const options = { ...quiet, graphOptimizationLevel: 'disabled' as const, extra };
    try {
      return await this.runner.run({ model: nativePath(original.file), options, inputs: known });
    } catch (error) {
      if (error instanceof ModelRunFailed && original.rounds) return undefined;
      throw error;
    }
  }

  /** Every picture as often as the file takes pictures at once. */
  private runPlain(
    plain: SessionModel,
    input: string,
    pictures: readonly Float32Array[],
  ): Promise<ModelResults> {
    const batches = pictures.map((one) => {
      const all = new Float32Array(this.batch * one.length);
      for (let i = 0; i < this.batch; i++) all.set(one, i * one.length);
      return all;
    });
    return this.run(plain, 'disabled', input, batches, this.batch);
  }

  private run(
    { bytes, weightsFolder }: SessionModel,
    graphOptimizationLevel: 'all' | 'disabled',
    input: string,
    pictures: readonly Float32Array[],
    batch = 1,
  ): Promise<ModelResults> {
    const inputs = pictures.map((data) => ({
      [input]: { type: 'float32' as const, data, dims: [batch, 3, ...this.size] },
    }));
    const session = { ...weightsEntry(weightsFolder), ...packNothing };
    const extra = { ...withoutFusions(carelessFusions), session };
    const options = { ...quiet, graphOptimizationLevel, extra };
    return this.runner.run({ model: bytes, options, inputs });
  }
}

type Run = (pictures: readonly Float32Array[]) => Promise<ModelResults>;
