/** Runs the model forward and keeps the tensors that attribution reads, for one image at a time. */
import { Tensor } from 'onnxruntime-node';
import type { InferenceSession } from 'onnxruntime-node';
import type { Graph } from '../onnx/graph';
import { sizeOf } from '../onnx/tensor-bytes';
import type { VitStructure } from '../vit/structure';

export class ForwardRun {
  /**
   * Forward tensors by name, written in place by every run: a fresh hundred megabytes an image
   * would cost a third of a forward run in page faults alone.
   */
  private readonly kept = new Map<string, Tensor>();
  /** Pixels whose tensors stand in `kept`, and which of them. */
  private current: { pixels: Float32Array; names: Set<string> } | undefined;

  constructor(
    private readonly session: InferenceSession,
    private readonly graph: Graph,
    private readonly structure: VitStructure,
  ) {}

  /** Runs one image; the named tensors are kept. Returns the logits, `[classes]`. */
  async run(pixels: Float32Array, names: Iterable<string>): Promise<Float32Array> {
    const { structure } = this;
    const fetches: Record<string, Tensor> = {};
    const kept = new Set(names);
    for (const name of kept) fetches[name] = this.place(name);
    const { logits } = structure;
    const separate = new Tensor('float32', new Float32Array(structure.classes), [
      ...(this.graph.shapes.get(logits) ?? []),
    ]);
    if (!kept.has(logits)) fetches[logits] = separate;
    // Until the run is complete nothing that stands there belongs together.
    this.current = undefined;
    const result = await this.session.run({ [structure.pixels]: this.image(pixels) }, fetches);
    this.current = { pixels, names: kept };
    return Float32Array.from(result[logits]?.data as Float32Array);
  }

  /** The named tensors of an image, from the last run if it was that image's, else from a new one. */
  async tensors(pixels: Float32Array, names: readonly string[]): Promise<Record<string, Tensor>> {
    const { current, structure } = this;
    const wanted = names.filter((name) => name !== structure.pixels);
    if (current?.pixels !== pixels || wanted.some((name) => !current.names.has(name)))
      await this.run(pixels, current?.pixels === pixels ? [...current.names, ...wanted] : wanted);
    return Object.fromEntries(
      names.map((name) => [
        name,
        name === structure.pixels ? this.image(pixels) : this.place(name),
      ]),
    );
  }

  image(pixels: Float32Array): Tensor {
    return new Tensor('float32', pixels, [1, 3, ...this.structure.inputSize]);
  }

  async release(): Promise<void> {
    this.kept.clear();
    this.current = undefined;
    await this.session.release();
  }

  private place(name: string): Tensor {
    const known = this.kept.get(name);
    if (known) return known;
    const dims = this.graph.shapes.get(name) ?? [];
    const tensor = new Tensor('float32', new Float32Array(sizeOf(dims)), [...dims]);
    this.kept.set(name, tensor);
    return tensor;
  }
}
