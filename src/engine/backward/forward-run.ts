/** Runs the model forward and keeps the tensors that attribution reads, for one image at a time. */
import { Tensor } from 'onnxruntime-node';
import type { InferenceSession } from 'onnxruntime-node';
import type { Graph } from '../onnx/graph';
import type { VitStructure } from '../vit/structure';

export class ForwardRun {
  /** The latest image and what was kept of it: a hundred megabytes for a large model. */
  private kept: { pixels: Float32Array; tensors: Map<string, Tensor> } | undefined;

  private session: InferenceSession | undefined;

  /** @param open called on the first run */
  constructor(
    private readonly open: () => Promise<InferenceSession>,
    private readonly graph: Graph,
    private readonly structure: VitStructure,
  ) {}

  /** Runs one image; the named tensors are kept. Returns the logits, `[classes]`. */
  async run(pixels: Float32Array, names: Iterable<string>): Promise<Float32Array> {
    const { pixels: input, logits } = this.structure;
    const fetched = new Set(names);
    // The earlier image's memory can serve this one.
    this.kept = undefined;
    this.session ??= await this.open();
    const result = await this.session.run({ [input]: this.image(pixels) }, [...fetched, logits]);
    const tensors = new Map<string, Tensor>();
    for (const name of fetched) {
      const tensor = result[name];
      if (tensor) tensors.set(name, this.shaped(name, tensor));
    }
    this.kept = { pixels, tensors };
    return Float32Array.from(result[logits]?.data as Float32Array);
  }

  /** A tensor of an image, by default its logits; what is kept of another one stays. */
  async only(pixels: Float32Array, name = this.structure.logits): Promise<Float32Array> {
    this.session ??= await this.open();
    const result = await this.session.run({ [this.structure.pixels]: this.image(pixels) }, [name]);
    return Float32Array.from(result[name]?.data as Float32Array);
  }

  /** The named tensors of an image, from the last run if it was that image's, else from a new one. */
  async tensors(pixels: Float32Array, names: readonly string[]): Promise<Record<string, Tensor>> {
    const input = this.structure.pixels;
    const wanted = names.filter((name) => name !== input);
    const { kept } = this;
    if (kept?.pixels !== pixels) await this.run(pixels, wanted);
    else if (wanted.some((name) => !kept.tensors.has(name)))
      await this.run(pixels, new Set([...kept.tensors.keys(), ...wanted]));
    const feeds: Record<string, Tensor> = {};
    for (const name of names) {
      const tensor = name === input ? this.image(pixels) : this.kept?.tensors.get(name);
      if (tensor) feeds[name] = tensor;
    }
    return feeds;
  }

  image(pixels: Float32Array): Tensor {
    return new Tensor('float32', pixels, [1, 3, ...this.structure.inputSize]);
  }

  /** Closes the session; what was kept of the latest image stays. */
  async close(): Promise<void> {
    const { session } = this;
    this.session = undefined;
    await session?.release();
  }

  async release(): Promise<void> {
    this.kept = undefined;
    await this.close();
  }

  /** With the canonical shape, also where the float64 graph ends in another one. */
  private shaped(name: string, tensor: Tensor): Tensor {
    return tensor.reshape(this.graph.shapes.get(name) ?? tensor.dims);
  }
}
