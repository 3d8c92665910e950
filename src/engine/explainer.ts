/** The engine's front: open a model, classify an image, explain the answer. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { EngineError } from './engine-error';
import { AttributionSessions } from './attribution-sessions';
import type { AttributionSession, MethodCall } from './attribution-sessions';
import { affordsDouble, inDoublePrecision } from './backward/double-precision';
import { canonicalise } from './onnx/canonicalise';
import type { CanonicalModel } from './onnx/canonicalise';
import type { Graph } from './onnx/graph';
import { weightBytes } from './onnx/tensor-bytes';
import { pixelsInput, seedInput } from './methods/attribution';
import { methodOf, methods } from './methods/catalogue';
import type { Method, MethodOptions, Preset } from './methods/method';
import { forwardModel } from './backward/forward-model';
import { ForwardRun } from './backward/forward-run';
import { modelBytes } from './backward/model-parts';
import { place } from './backward/provider';
import type { Placed, Provider } from './backward/provider';
import { sessionOptions } from './backward/session-options';
import type { ImageProgram } from './image-program';
import { imageProgram } from './record-image-program';
import { relativeDifference } from './relative-difference';
import { seedFor } from './methods/seed';
import { readOutput, type OutputRequest, type ReadOutput } from './outputs/read-output';
import { findStructure } from './vit/find-structure';
import type { VitStructure } from './vit/structure';
import { checkLogits, checkMaps } from './where-not-finite';

export type { Provider };

export interface EngineOptions {
  /** 0: ONNX Runtime's own choice. */
  readonly threads: number;
  readonly provider: Provider | 'auto';
  /** Where prepared models are kept; without it they are prepared anew each time. */
  readonly cacheFolder: string | undefined;
  /** For models that leave height and width open. */
  readonly inputSize?: readonly [height: number, width: number] | undefined;
  /** What is known of the output beside the graph. */
  readonly output?: OutputRequest;
}

/** A canonical graph and where its weights lie; the checksum tells it from every other one. */
export type CanonicalGraph = Pick<CanonicalModel, 'graph' | 'weightsFolder' | 'sha256' | 'notices'>;

/**
 * One image's answer. What the model computed on the way is kept for the latest image only; an
 * earlier one costs a further forward run.
 */
export interface Classified {
  readonly logits: Float32Array;
  /** `[1, 3, H, W]`. */
  readonly pixels: Float32Array;
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

/**
 * Opens a model: canonical form, structure, and where it runs.
 * @throws EngineError as `canonicalise`, `readOutput` and `findStructure` do
 */
export async function openExplainer(
  modelPath: string,
  options: EngineOptions,
  onStage: (phrase: string) => void = () => undefined,
): Promise<Explainer> {
  onStage('Preparing the model');
  const folder = options.cacheFolder ?? (await mkdtemp(path.join(os.tmpdir(), 'vit-explainer-')));
  const discard = async () => {
    if (options.cacheFolder === undefined) await rm(folder, { recursive: true, force: true });
  };
  try {
    const canonical = await canonicalise(modelPath, {
      cacheFolder: folder,
      inputSize: options.inputSize,
      onStage,
    });
    return await explainerOf(canonical, options, onStage, discard);
  } catch (error) {
    await discard();
    throw error;
  }
}

/**
 * Explains a canonical graph that is in memory, e.g. a backbone with another head.
 * @param discard called when the explainer is released
 * @throws EngineError as `readOutput` and `findStructure` do
 */
export async function explainerOf(
  { graph: whole, weightsFolder, sha256, notices }: CanonicalGraph,
  options: Pick<EngineOptions, 'threads' | 'provider' | 'output'>,
  onStage: (phrase: string) => void = () => undefined,
  discard: () => Promise<void> = () => Promise.resolve(),
): Promise<Explainer> {
  const output = await readOutput(whole, options.output ?? { names: 0 });
  const { graph } = output;
  const structure = findStructure(graph);
  onStage('Loading the model');
  const ports = {
    pixels: structure.pixels,
    dims: [1, 3, ...structure.inputSize],
    logits: structure.logits,
  };
  const placed = await place(
    options.provider,
    (provider) => {
      const forward = precisionOf(graph, provider) === 'double' ? inDoublePrecision(graph) : graph;
      return InferenceSession.create(
        modelBytes(forwardModel(forward, graph, structure.logits)),
        sessionOptions(options.threads, provider, weightsFolder),
      );
    },
    ports,
  );
  const all = placed.notice === undefined ? notices : [...notices, placed.notice];
  return new Explainer(graph, structure, output, sha256, placed, options.threads, all, discard);
}

/** GPUs have no float64. */
function precisionOf(graph: Graph, provider: Provider): 'single' | 'double' {
  return provider === 'cpu' && affordsDouble(graph) ? 'double' : 'single';
}

/** An opened model. Calls may overlap; they run one after another. */
export class Explainer {
  readonly provider: Provider;
  /** Rough memory of the loaded model, in bytes. */
  readonly bytes: number;
  private readonly forward: ForwardRun;
  private readonly attributions: AttributionSessions;
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly graph: Graph,
    readonly structure: VitStructure,
    /** What its numbers mean. */
    readonly output: Pick<ReadOutput, 'kind' | 'assumed'>,
    readonly sha256: string,
    placed: Placed,
    threads: number,
    readonly notices: readonly string[],
    private readonly discard: () => Promise<void>,
  ) {
    this.bytes = 3 * weightBytes(graph);
    this.provider = placed.provider;
    this.forward = new ForwardRun(placed.open, graph, structure);
    this.attributions = new AttributionSessions(graph, structure, {
      precision: precisionOf(graph, placed.provider),
      threads,
      provider: placed.provider,
    });
  }

  /** Which methods can run on this model, and why the others cannot. */
  availability(): Availability[] {
    return methods.map((method) => ({
      id: method.info.id,
      reason: this.attributions.unavailable(method),
    }));
  }

  /**
   * One plain forward run.
   * @param pixels `[1, 3, H, W]`, preprocessed
   * @param next the method that will explain this image: what it reads is kept at once, which
   * saves `explain` a second forward run
   * @throws EngineError `not-finite`
   */
  classify(pixels: Float32Array, next?: MethodCall): Promise<Classified> {
    return this.inTurn(() => this.classifyNow(pixels, next));
  }

  /**
   * Loads what a method needs, ahead of its first use.
   * @throws EngineError `method-not-applicable`, `model-unknown-op`
   */
  async prepare({ method, options }: MethodCall): Promise<void> {
    await this.inTurn(() => this.attributions.open(methodOf(method), options));
  }

  /**
   * Maps of some classes of one image.
   * @throws EngineError `method-not-applicable`, `class-unknown`, `model-unknown-op`, `not-finite`
   */
  async explain(
    classified: Classified,
    methodId: string,
    options: MethodOptions,
    classes: readonly number[],
  ): Promise<Explanation> {
    const explanation = await this.inTurn(() =>
      this.explainNow(classified, methodId, options, classes),
    );
    const { name } = methodOf(methodId).info;
    await checkMaps(this.graph, this.structure, classified.pixels, explanation.maps, name);
    return explanation;
  }

  /** What has to be known to read the maps of a method on this model. */
  noticesOf({ method: id, options }: MethodCall): readonly string[] {
    const method = methodOf(id);
    const { parallelMaps } = this.structure;
    const isIdle = options.startLayer !== undefined && method.startsAtLayer !== true;
    const idle = isIdle
      ? [`${method.info.name} has no start layer: ${options.startLayer} was left out of account.`]
      : [];
    if (parallelMaps === 0 || this.attributions.unavailable(method) !== undefined) return idle;
    if (!this.attributions.recorded(method, options).walked.has('relevance')) return idle;
    return [
      ...idle,
      `The model has ${parallelMaps} linear maps that are written as sums of several (as LoRA leaves them, unmerged). ` +
        `${method.info.name} passes relevance through each part by itself: with the parts merged into one weight the model answers the same, but this map would be another one. Gradient methods give the same map for both.`,
    ];
  }

  /**
   * Logits `[1, classes]` and map `[1, rows, columns]` of an image in one graph, for many images one
   * after another: little more than the plain forward pass. The map is that of every class.
   * @returns undefined for methods that trace a class, and for those that cannot run on this model:
   * `classify` and `explain` are for them
   * @throws EngineError `model-unknown-op`
   */
  imageProgram({ method: id, options }: MethodCall): ImageProgram | undefined {
    return imageProgram(this.graph, this.structure, methodOf(id), options);
  }

  private async classifyNow(pixels: Float32Array, next?: MethodCall): Promise<Classified> {
    const method = next && methodOf(next.method);
    const applies = method && method.unavailable?.(this.structure) === undefined;
    const names = applies ? this.attributions.recorded(method, next.options).model.taps : [];
    const taps = names.filter((name) => name !== this.structure.pixels);
    const logits = await this.forward.run(pixels, taps);
    await checkLogits(this.graph, this.structure, pixels, logits);
    return { logits, pixels };
  }

  private async explainNow(
    classified: Classified,
    methodId: string,
    options: MethodOptions,
    classes: readonly number[],
  ): Promise<Explanation> {
    const method = methodOf(methodId);
    for (const index of classes) {
      if (!Number.isInteger(index) || index < 0 || index >= this.structure.classes) {
        throw new EngineError(
          'class-unknown',
          `The model has no class ${index}; it has ${this.structure.classes}.`,
          `Choose a class from 0 to ${this.structure.classes - 1}.`,
        );
      }
    }
    const opened = await this.attributions.open(method, options);
    const preset = options.preset ?? 'model';
    if (!method.images) {
      return {
        ...(await this.map(method, opened, classified, classified.pixels, classes)),
        preset,
      };
    }
    const images = method.images(classified.pixels, this.structure.grey);
    let sum: Float32Array | undefined;
    let shape: readonly [number, number] = [0, 0];
    for (const image of images) {
      const at = await this.classifyNow(image, { method: methodId, options });
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
    const nudgedAnswer = await this.classify(nudged, { method: methodId, options });
    const other = await this.explain(nudgedAnswer, methodId, options, [classIndex]);
    return { relativeChange: relativeDifference(other.maps, original.maps) };
  }

  /** Frees the native memory. */
  async release(): Promise<void> {
    await this.inTurn(async () => {
      await this.forward.release();
      await this.attributions.release();
      await this.discard();
    });
  }

  /** Sessions and kept tensors serve one call at a time. */
  private inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.last.then(work);
    this.last = result.catch(() => undefined);
    return result;
  }

  /** Runs an attribution session on what the forward run left at one image. */
  private async map(
    method: Method,
    { model, session }: AttributionSession,
    at: Classified,
    explained: Float32Array,
    classes: readonly number[],
  ): Promise<{ maps: Float32Array; shape: readonly [number, number] }> {
    const feeds = await this.forward.tensors(at.pixels, model.taps);
    for (const name of model.inputs) {
      if (name.endsWith(pixelsInput)) feeds[name] = this.forward.image(explained);
      if (name.endsWith(seedInput)) {
        feeds[name] = new Tensor(
          'float32',
          seedFor(method.seed ?? 'logit', this.output.kind, at.logits, classes),
          [classes.length, at.logits.length],
        );
      }
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
}
