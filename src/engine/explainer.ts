/** The engine's front: classify an image, explain the answer. */
import { defaultPreset } from '../shared/method-choice';
import type { MethodAvailability, MethodOptions, Preset } from '../shared/explanation';
import type { Removal } from '../shared/faithfulness';
import type { Provider } from '../shared/provider';
import type { AttributionSessions, Recording } from './attribution-sessions';
import { averageMaps } from './average-maps';
import { checkContrast, checkTargets } from './check-targets';
import type { ForwardRuns } from './backward/forward-runs';
import type { ImageProgram } from './image-program';
import { mapNotices } from './map-notices';
import { checkFits } from './memory/check-fits';
import { classesAtOnce, footprintOf, workingBytes } from './memory/footprint';
import { classifyingBytes, neededBytes, type RunPlan } from './memory/needed';
import type { MaskedRuns } from './masking/masked-runs';
import type { PatchMask } from './masking/patch-mask';
import { methodOf, methods } from './methods/catalogue';
import type { MethodCall } from './methods/method';
import { seedFor } from './methods/seed';
import type { Target } from './methods/seed';
import type { Graph } from './onnx/graph';
import { weightBytes } from './onnx/tensor-bytes';
import type { ReadOutput } from './outputs/read-output';
import { answerNotFinite, notFiniteAmong } from './not-finite';
import { imageProgram } from './record-image-program';
import { traceMaps } from './trace-maps';
import type { Maps } from './trace-maps';
import type { VitStructure } from './vit/structure';
import { checkLogits, checkMaps } from './where-not-finite';

/**
 * One image's answer. What the model computed on the way is kept for the latest image only; an
 * earlier one costs a further forward run.
 */
export interface Classified {
  readonly logits: Float32Array;
  /** `[1, 3, H, W]`. */
  readonly pixels: Float32Array;
}

export interface Explanation extends Maps {
  readonly preset: Preset;
}

/** An opened model (`openExplainer`). Calls may overlap; they run one after another. */
export class Explainer {
  private last: Promise<unknown> = Promise.resolve();
  private readonly obstacles = new Map<string, string | undefined>();

  /**
   * @param reopen opens another graph of the same inputs and outputs in the same way
   * @param discard called when the explainer is released
   */
  constructor(
    private readonly graph: Graph,
    readonly structure: VitStructure,
    /** What its numbers mean. */
    readonly output: Pick<ReadOutput, 'kind' | 'assumed'>,
    readonly sha256: string,
    readonly provider: Provider,
    readonly notices: readonly string[],
    private readonly forward: ForwardRuns,
    private readonly attributions: AttributionSessions,
    private readonly plan: RunPlan,
    private readonly masked: MaskedRuns,
    private readonly reopen: (graph: Graph) => Promise<Explainer>,
    private readonly discard: () => Promise<void>,
  ) {}

  /** Rough memory of the loaded model, in bytes; more once pictures were masked. */
  get bytes(): number {
    return 3 * weightBytes(this.graph) + this.masked.bytes;
  }

  /** Which methods can run on this model, and why the others cannot. */
  availability(): MethodAvailability[] {
    return methods.map((method) => ({
      id: method.info.id,
      reason: this.obstacleTo(method.info.id),
    }));
  }

  /** Why a method cannot run on this model; undefined where it can. */
  obstacleTo(methodId: string): string | undefined {
    if (!this.obstacles.has(methodId))
      this.obstacles.set(methodId, this.attributions.unavailable(methodOf(methodId)));
    return this.obstacles.get(methodId);
  }

  /**
   * One plain forward run; one more in float64 where methods to come are walked over that.
   * @param pixels `[1, 3, H, W]`, preprocessed
   * @param next the methods that will explain this image: what they read of it is kept at once, which
   * saves `explain` further forward runs
   * @throws EngineError `not-finite`
   */
  classify(pixels: Float32Array, ...next: readonly MethodCall[]): Promise<Classified> {
    // Those that read other images make forward runs of their own.
    const isOfThis = ({ method }: MethodCall): boolean => methodOf(method).images === undefined;
    return this.inTurn(() => this.classifyNow(pixels, next.filter(isOfThis)));
  }

  /**
   * Maps of some classes of one image, or of one class rather than another.
   * @throws EngineError `method-not-applicable`, `class-unknown`, `model-unknown-op`, `not-finite`
   */
  async explain(
    classified: Classified,
    methodId: string,
    options: MethodOptions,
    targets: readonly Target[],
  ): Promise<Explanation> {
    const call = { method: methodId, options };
    const maps = await this.inTurn(() => this.explainNow(classified, call, targets));
    const { name } = methodOf(methodId).info;
    await checkMaps(this.graph, this.structure, classified.pixels, maps.maps, name);
    return { ...maps, preset: options.preset ?? defaultPreset };
  }

  /** What explaining so many classes takes at its peak of the whole process, in bytes, estimated. */
  neededBytes(call: MethodCall, classes: number): number {
    const recording = this.attributions.recorded(methodOf(call.method), call.options);
    const atOnce = classesAtOnce(classes, (count) => this.isComfortable(recording, count));
    return neededBytes(this.plan, recording.model, atOnce);
  }

  /** Why patches cannot be taken away like this; undefined where they can. */
  cannotRemove(removal: Removal): string | undefined {
    return this.masked.unavailable(removal);
  }

  /**
   * What the model says of an image while patches are away, mask by mask.
   * @param onDone told of how many masks are done
   * @returns the logits of each mask, `[classes]`
   * @throws EngineError `removal-not-applicable`, `not-finite`
   */
  async classifyWithout(
    { pixels }: Classified,
    removal: Removal,
    masks: readonly PatchMask[],
    onDone?: (done: number) => void,
  ): Promise<Float32Array[]> {
    const answers = await this.inTurn(async () => {
      if (this.plan.memory === 'scarce') await this.attributions.release();
      return this.masked.logits(pixels, removal, masks, onDone);
    });
    for (const logits of answers) {
      const kind = notFiniteAmong(logits);
      if (kind !== undefined) throw answerNotFinite(kind);
    }
    return answers;
  }

  /** How many methods stay open at once, for whoever goes through several of them again and again, where there is the memory. */
  keepMethods(count: number): void {
    this.attributions.kept = this.plan.memory === 'scarce' ? 1 : count;
  }

  /** What has to be known to read the maps of a method on this model. */
  noticesOf({ method, options }: MethodCall): readonly string[] {
    return mapNotices(methodOf(method), options, this.structure, this.attributions);
  }

  /**
   * Logits `[1, classes]` and map `[1, rows, columns]` of an image in one graph, for many images one
   * after another. The map is that of the best class (`ranking`), or of every class.
   * @returns undefined for methods that read several images, and for those that cannot run on this
   * model: `classify` and `explain` are for them
   * @throws EngineError `model-unknown-op`
   */
  imageProgram({ method: id, options }: MethodCall): ImageProgram | undefined {
    const method = methodOf(id);
    const precision = this.attributions.precisionOf(method);
    const { graph, structure, output } = this;
    return imageProgram({ graph, structure, kind: output.kind, precision }, method, options);
  }

  /**
   * The same model with other weights, beside this one; whoever asked for it releases it.
   * @throws EngineError as `findStructure` does
   */
  withWeights(change: (graph: Graph, structure: VitStructure) => Graph): Promise<Explainer> {
    return this.reopen(change(this.graph, this.structure));
  }

  /** Frees the native memory. */
  async release(): Promise<void> {
    await this.inTurn(async () => {
      await this.forward.release();
      await this.attributions.release();
      await this.masked.release();
      await this.discard();
    });
  }

  private async classifyNow(
    pixels: Float32Array,
    next: readonly MethodCall[],
  ): Promise<Classified> {
    const read = { single: new Set<string>(), double: new Set<string>() };
    for (const { method: id, options } of next) {
      const method = methodOf(id);
      if (method.unavailable?.(this.structure) !== undefined) continue;
      const { taps } = this.attributions.recorded(method, options).model;
      for (const name of taps)
        if (name !== this.structure.pixels) read[this.attributions.precisionOf(method)].add(name);
    }
    const most = process.memoryUsage.rss() + this.plan.freeMemory();
    checkFits({ what: 'The model', needed: classifyingBytes(this.plan), others: () => [] }, most);
    if (this.plan.memory === 'scarce') await this.attributions.release();
    const logits = await this.forward.run(pixels, read);
    await checkLogits(this.graph, this.structure, pixels, logits);
    return { logits, pixels };
  }

  private async explainNow(
    classified: Classified,
    call: MethodCall,
    targets: readonly Target[],
  ): Promise<Maps> {
    const method = methodOf(call.method);
    checkTargets(targets, this.structure.classes);
    if (targets.some((target) => typeof target !== 'number'))
      checkContrast(method, this.attributions.recorded(method, call.options));
    const { model } = this.attributions.recorded(method, call.options);
    const atOnce = this.classesAtOnce(call, targets.length);
    const forward = this.forward.of(this.attributions.precisionOf(method));
    const mapsAt = async ({ logits, pixels }: Classified) => {
      const feeds = await forward.tensors(pixels, model.taps);
      if (this.plan.memory === 'scarce') await forward.close();
      const explained = {
        pixels: forward.image(classified.pixels),
        seed: seedFor(method.seed ?? 'logit', this.output.kind, logits, targets),
        targets: targets.length,
      };
      const opened = await this.attributions.open(method, call.options);
      return traceMaps(opened, feeds, explained, atOnce);
    };
    const images = method.images?.(classified.pixels, this.structure.grey);
    return images
      ? averageMaps(images, async (image) => mapsAt(await this.classifyNow(image, [call])))
      : mapsAt(classified);
  }

  /**
   * How many classes go together: as many as are comfortable, or as there is memory for.
   * @throws EngineError `out-of-memory` where there is not even memory for one
   */
  private classesAtOnce(call: MethodCall, classes: number): number {
    const { info } = methodOf(call.method);
    const most = process.memoryUsage.rss() + this.plan.freeMemory();
    const others = () =>
      methods
        .filter(({ info: { id } }) => this.obstacleTo(id) === undefined)
        .map(({ info: { id } }) => ({
          id,
          needed: this.neededBytes({ method: id, options: call.options }, 1),
        }));
    checkFits({ what: info.name, needed: this.neededBytes(call, 1), others }, most);
    const recording = this.attributions.recorded(methodOf(call.method), call.options);
    return classesAtOnce(
      classes,
      (count) =>
        this.isComfortable(recording, count) &&
        neededBytes(this.plan, recording.model, count) <= most,
    );
  }

  private isComfortable({ model, walked }: Recording, classes: number): boolean {
    const { graph, handedOver, memory } = this.plan;
    const footprint = footprintOf(graph, handedOver);
    return model.liveBytes(classes) <= workingBytes(footprint, memory, walked.has('relevance'));
  }

  /** Sessions and kept tensors serve one call at a time. */
  private inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.last.then(work);
    this.last = result.catch(() => undefined);
    return result;
  }
}
