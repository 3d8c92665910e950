/** Runs pictures from their tokens at the first block to the logits, many at once. */
import { Tensor, type InferenceSession } from 'onnxruntime-node';
import type { Provider } from '../../shared/provider';
import { sessionOptions, type Memory } from '../backward/session-options';
import type { Graph } from '../onnx/graph';
import { modelBytes } from '../onnx/model-parts';
import { openSession } from '../onnx/open-session';
import { storedFolder } from '../onnx/stored-weights';
import { sizeOf, weightBytes } from '../onnx/tensor-bytes';
import type { VitStructure } from '../vit/structure';
import type { MaskedModel } from './masked-model';

/** What the tensors of one run may take, in bytes, and how many pictures are run at once at most. */
const budget = 192 * 2 ** 20;
const mostPictures = 16;

/** What of a masked picture enters the first block, `[tokens, D]`; made when its turn comes. */
export interface MaskedTokens {
  readonly count: number;
  readonly make: () => Float32Array;
}

/** How sessions of masked pictures are opened. */
export interface MaskedRun {
  readonly threads: number;
  readonly provider: Provider;
  readonly memory: Memory;
}

export class MaskedSession {
  private session: InferenceSession | undefined;
  /** Of one picture with all of its tokens. */
  private readonly pictureBytes: number;

  constructor(
    private readonly model: MaskedModel,
    private readonly graph: Graph,
    private readonly structure: VitStructure,
    private readonly run: MaskedRun,
  ) {
    const outputs = model.parts.nodes.flatMap((node) => node.outputs);
    const largest = outputs.reduce((most, name) => Math.max(most, this.bytesOf(name)), 0);
    // Scores and their softmax side by side, or the MLP's hidden layer before and behind its GELU.
    this.pictureBytes = 2 * largest + 4 * this.bytesOf(model.stream);
  }

  /**
   * @param onDone told of how many pictures are done
   * @returns the logits of each picture, `[classes]`
   */
  async logits(
    pictures: readonly MaskedTokens[],
    onDone: (done: number) => void,
  ): Promise<Float32Array[]> {
    const answers: Float32Array[] = pictures.map(() => new Float32Array());
    // Pictures with the same number of tokens can go together.
    const order = [...pictures.entries()].sort(([, a], [, b]) => a.count - b.count);
    for (let start = 0; start < order.length;) {
      const count = order[start]?.[1].count ?? 0;
      const batch = order
        .slice(start, start + this.picturesAtOnce(count))
        .filter(([, picture]) => picture.count === count);
      const made = await this.runBatch(batch.map(([, picture]) => picture.make()));
      for (const [i, [at]] of batch.entries()) answers[at] = made[i] ?? new Float32Array();
      start += batch.length;
      onDone(start);
    }
    return answers;
  }

  /** Rough memory while it is open: the weights, and the tensors of a run. */
  get bytes(): number {
    if (!this.session) return 0;
    return weightBytes(this.graph) + Math.min(budget, mostPictures * this.pictureBytes);
  }

  async release(): Promise<void> {
    await this.session?.release();
    this.session = undefined;
  }

  private picturesAtOnce(tokens: number): number {
    const each = (this.pictureBytes * tokens) / this.structure.tokens;
    return Math.min(mostPictures, Math.max(1, Math.floor(budget / each)));
  }

  private async runBatch(rows: readonly Float32Array[]): Promise<Float32Array[]> {
    const { dim, classes } = this.structure;
    const { threads, provider, memory } = this.run;
    this.session ??= await openSession(
      modelBytes(this.model.parts),
      sessionOptions(threads, provider, storedFolder(this.graph), memory),
    );
    const size = rows[0]?.length ?? 0;
    const streams = new Float32Array(rows.length * size);
    for (const [i, one] of rows.entries()) streams.set(one, i * size);
    const dims = [rows.length, 1, size / dim, dim];
    const result = await this.session.run({
      [this.model.stream]: new Tensor('float32', streams, dims),
    });
    const data = result[this.model.logits]?.data as Float32Array;
    return rows.map((_, i) => data.slice(i * classes, (i + 1) * classes));
  }

  private bytesOf(tensor: string): number {
    const dims = this.graph.shapes.get(tensor);
    return dims ? 4 * sizeOf(dims) : 0;
  }
}
