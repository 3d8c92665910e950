/** The forward runs of a model: in float32, and in float64 for what is walked over that. */
import type { Precision } from '../onnx/double-precision';
import type { ForwardRun } from './forward-run';

export class ForwardRuns {
  /** @param double undefined where nothing is walked over float64 */
  constructor(
    readonly single: ForwardRun,
    private readonly double: ForwardRun | undefined,
  ) {}

  of(precision: Precision): ForwardRun {
    return precision === 'double' ? (this.double ?? this.single) : this.single;
  }

  /**
   * Runs one image in each precision that something is read of; without any in float32.
   * @param read tensors that are kept
   * @returns the logits, `[classes]`, in the finest precision that was run
   */
  async run(
    pixels: Float32Array,
    read: Readonly<Record<Precision, ReadonlySet<string>>>,
  ): Promise<Float32Array> {
    if (read.double.size === 0) return this.single.run(pixels, read.single);
    if (read.single.size > 0) await this.single.run(pixels, read.single);
    return this.of('double').run(pixels, read.double);
  }

  async release(): Promise<void> {
    await this.single.release();
    await this.double?.release();
  }
}
