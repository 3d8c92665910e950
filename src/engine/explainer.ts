/** The engine's front: open a model, classify an image, explain the answer. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { EngineError } from './engine-error';
import { attributionModel } from './backward/attribution-model';
import type { AttributionModel } from './backward/attribution-model';
import { affordsDouble, doublePrecisionModel } from './backward/double-precision';
import { canonicalise } from './onnx/canonicalise';
import type { Graph } from './onnx/graph';
import { sizeOf } from './onnx/tensor-bytes';
import { Attribution, pixelsInput, seedInput } from './methods/attribution';
import { methodOf, methods } from './methods/catalogue';
import type { Method, MethodOptions, Preset } from './methods/method';
import { forwardModel } from './backward/forward-model';
import { seedFor } from './methods/seed';
import { findStructure } from './vit/find-structure';
import type { VitStructure } from './vit/structure';

export type Provider = 'cpu' | 'webgpu' | 'cuda' | 'dml' | 'coreml';

export interface EngineOptions {
  /** 0: ONNX Runtime's own choice. */
  readonly threads: number;
  readonly provider: Provider | 'auto';
  /** Where prepared models are kept; without it they are prepared anew each time. */
  readonly cacheFolder: string | undefined;
  /** For models that leave height and width open. */
  readonly inputSize?: readonly [height: number, width: number] | undefined;
}

/** One image's answer, with what the model computed on the way as far as methods need it. */
export interface Classified {
  readonly logits: Float32Array;
  /** `[1, 3, H, W]`. */
  readonly pixels: Float32Array;
  /** @internal Forward tensors by name. */
  readonly taps: Map<string, Tensor>;
}

export interface Explanation {
  /** `[K, rows, columns]`, classes in the order asked for. */
  readonly maps: Float32Array;
  readonly shape: readonly [rows: number, columns: number];
  readonly preset: Preset;
}

export interface MapStability {
  /** Relative L2 change of the map under a relative perturbation of 1e-6 of the input. */
  readonly relativeChange: number;
}

export interface Availability {
  readonly id: string;
  readonly reason: string | undefined;
}

/** Attribution sessions kept at once; each holds its own copy of the weights. */
const keptSessions = 2;

/**
 * Opens a model: canonical form, structure, forward session.
 * @throws EngineError as `canonicalise` and `findStructure` do
 */
export async function openExplainer(
  modelPath: string,
  options: EngineOptions,
  onStage: (phrase: string) => void = () => undefined,
): Promise<Explainer> {
  onStage('Preparing the model');
  const { graph, bytes, sha256, notices } = await canonicalise(modelPath, {
    cacheFolder: options.cacheFolder,
    inputSize: options.inputSize,
  });
  const structure = findStructure(graph);
  onStage('Loading the model');
  const model = affordsDouble(graph) ? doublePrecisionModel(graph) : bytes;
  const session = await InferenceSession.create(
    forwardModel(graph, model, structure.logits),
    sessionOptions(options),
  );
  return new Explainer(graph, structure, sha256, session, options, notices);
}

function sessionOptions(options: EngineOptions): InferenceSession.SessionOptions {
  return {
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    ...(options.threads > 0 ? { intraOpNumThreads: options.threads } : {}),
  };
}

interface Opened {
  readonly model: AttributionModel;
  readonly session: InferenceSession;
}

export class Explainer {
  readonly provider: Provider = 'cpu';
  /** Rough memory of the loaded model, in bytes. */
  readonly bytes: number;
  private readonly opened = new Map<string, Opened>();
  /** Forward tensors that methods used so far read; the next image brings them at once. */
  private readonly wantedTaps = new Set<string>();

  constructor(
    private readonly graph: Graph,
    readonly structure: VitStructure,
    readonly sha256: string,
    private readonly forward: InferenceSession,
    private readonly options: EngineOptions,
    readonly notices: readonly string[],
  ) {
    let weights = 0;
    for (const { data } of graph.constants.values()) weights += data.byteLength;
    this.bytes = 3 * weights;
  }

  /** Which methods can run on this model, and why the others cannot. */
  availability(): Availability[] {
    return methods.map((method) => {
      const reason = method.unavailable?.(this.structure) ?? this.unrecordable(method);
      return { id: method.info.id, reason };
    });
  }

  /** One plain forward run. `pixels`: `[1, 3, H, W]`, preprocessed. */
  async classify(pixels: Float32Array): Promise<Classified> {
    const taps = new Map<string, Tensor>();
    const logits = await this.runForward(pixels, [...this.wantedTaps], taps);
    return { logits, pixels, taps };
  }

  /**
   * Makes a method ready, so that `classify` keeps what it needs.
   * @throws EngineError `method-not-applicable`, `model-unknown-op`
   */
  async prepare(methodId: string, options: MethodOptions): Promise<void> {
    await this.open(methodOf(methodId), options);
  }

  /**
   * Maps of some classes of one image.
   * @throws EngineError `method-not-applicable`, `class-unknown`, `model-unknown-op`
   */
  async explain(
    classified: Classified,
    methodId: string,
    options: MethodOptions,
    classes: readonly number[],
  ): Promise<Explanation> {
    const method = methodOf(methodId);
    for (const index of classes)
      if (!Number.isInteger(index) || index < 0 || index >= this.structure.classes)
        throw new EngineError(
          'class-unknown',
          `The model has no class ${index}; it has ${this.structure.classes}.`,
          `Choose a class from 0 to ${this.structure.classes - 1}.`,
        );
    const opened = await this.open(method, options);
    const preset = options.preset ?? 'base';
    if (!method.images) {
      const { maps, shape } = await this.map(method, opened, classified, classified.pixels, classes);
      return { maps, shape, preset };
    }
    const images = method.images(classified.pixels);
    let sum: Float32Array | undefined;
    let shape: readonly [number, number] = [0, 0];
    for (const image of images) {
      const at = await this.classify(image);
      const one = await this.map(method, opened, at, classified.pixels, classes);
      shape = one.shape;
      if (sum) for (const [i, value] of one.maps.entries()) sum[i] = (sum[i] ?? 0) + value;
      else sum = one.maps;
    }
    const maps = (sum ?? new Float32Array()).map((value) => value / images.length);
    return { maps, shape, preset };
  }

  /** How much the map changes when every pixel changes by a millionth of itself. */
  async stability(
    classified: Classified,
    methodId: string,
    options: MethodOptions,
    classIndex: number,
  ): Promise<MapStability> {
    const original = await this.explain(classified, methodId, options, [classIndex]);
    const nudged = classified.pixels.map((value, i) => value * (1 + (i % 2 === 0 ? 1e-6 : -1e-6)));
    const other = await this.explain(await this.classify(nudged), methodId, options, [classIndex]);
    let difference = 0;
    let size = 0;
    for (const [i, value] of original.maps.entries()) {
      difference += (value - (other.maps[i] ?? 0)) ** 2;
      size += value ** 2;
    }
    return { relativeChange: size === 0 ? 0 : Math.sqrt(difference / size) };
  }

  /** Frees the native memory. */
  async release(): Promise<void> {
    await this.forward.release();
    for (const { session } of this.opened.values()) await session.release();
    this.opened.clear();
  }

  private unrecordable(method: Method): string | undefined {
    try {
      method.record(new Attribution(this.graph, this.structure), {});
      return undefined;
    } catch (error) {
      if (error instanceof EngineError) return error.message;
      throw error;
    }
  }

  private async open(method: Method, options: MethodOptions): Promise<Opened> {
    const reason = method.unavailable?.(this.structure);
    if (reason !== undefined)
      throw new EngineError(
        'method-not-applicable',
        `${method.info.name} cannot run on this model: ${reason}`,
        'Choose another method.',
      );
    const key = JSON.stringify([method.info.id, options]);
    const known = this.opened.get(key);
    if (known) {
      this.opened.delete(key);
      this.opened.set(key, known);
      return known;
    }
    for (const [oldest, { session }] of this.opened) {
      if (this.opened.size < keptSessions) break;
      this.opened.delete(oldest);
      await session.release();
    }
    const attribution = new Attribution(this.graph, this.structure);
    const model = attributionModel(attribution.tape, method.record(attribution, options));
    const session = await InferenceSession.create(model.bytes, sessionOptions(this.options));
    const opened = { model, session };
    this.opened.set(key, opened);
    for (const tap of model.taps) if (tap !== this.structure.pixels) this.wantedTaps.add(tap);
    return opened;
  }

  /** Runs an attribution session on what the forward run left at one image. */
  private async map(
    method: Method,
    { model, session }: Opened,
    at: Classified,
    explained: Float32Array,
    classes: readonly number[],
  ): Promise<{ maps: Float32Array; shape: readonly [number, number] }> {
    const { pixels, inputSize } = this.structure;
    const missing = model.taps.filter((name) => name !== pixels && !at.taps.has(name));
    if (missing.length > 0) await this.runForward(at.pixels, missing, at.taps);
    const feeds: Record<string, Tensor> = {};
    const image = (values: Float32Array) => new Tensor('float32', values, [1, 3, ...inputSize]);
    for (const name of model.taps) {
      const tensor = name === pixels ? image(at.pixels) : at.taps.get(name);
      if (tensor) feeds[name] = tensor;
    }
    for (const name of model.inputs) {
      if (name.endsWith(pixelsInput)) feeds[name] = image(explained);
      if (name.endsWith(seedInput))
        feeds[name] = new Tensor('float32', seedFor(method.seed ?? 'logit', at.logits, classes), [
          classes.length,
          at.logits.length,
        ]);
    }
    const result = await session.run(feeds);
    const map = result[model.output];
    if (!map) throw new Error(`the attribution session returned no “${model.output}”`);
    const [count = 1, rows = 0, columns = 0] = map.dims;
    const values = map.data as Float32Array;
    if (count === classes.length) return { maps: values, shape: [rows, columns] };
    // The same map for every class.
    const maps = new Float32Array(classes.length * values.length);
    for (const i of classes.keys()) maps.set(values, i * values.length);
    return { maps, shape: [rows, columns] };
  }

  /** Runs the model; the asked-for tensors are added to `taps`. Returns the logits. */
  private async runForward(
    pixels: Float32Array,
    names: readonly string[],
    taps: Map<string, Tensor>,
  ): Promise<Float32Array> {
    const { structure } = this;
    const feed = new Tensor('float32', pixels, [1, 3, ...structure.inputSize]);
    const fetches: Record<string, Tensor> = {};
    for (const name of new Set([structure.logits, ...names])) {
      const dims = this.graph.shapes.get(name) ?? [];
      fetches[name] = new Tensor('float32', new Float32Array(sizeOf(dims)), [...dims]);
    }
    const result = await this.forward.run({ [structure.pixels]: feed }, fetches);
    for (const name of names) {
      const tensor = result[name];
      if (tensor) taps.set(name, tensor as Tensor);
    }
    return result[structure.logits]?.data as Float32Array;
  }
}
