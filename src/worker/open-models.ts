/** The models that are open: one session a model, the least recently used one out by memory. */
import { stat } from 'node:fs/promises';
import { openExplainer, type Explainer } from '../engine/explainer';
import { checkpointFiles } from '../engine/intake/checkpoint/open-checkpoint';
import type { Assumption } from '../shared/assumption';
import { Failure } from '../shared/failure';
import type { ModelDescription } from '../shared/model';
import type { WorkerSettings } from '../shared/worker-protocol';
import { LeastRecentlyUsed } from './least-recently-used';
import { onnxFileOf } from './onnx-file';
import { composeProbe } from './probe/compose-probe';
import { EmbeddedPhrases } from './zero-shot/embedded-phrases';
import { comparesPhrases, openZeroShot } from './zero-shot/open-zero-shot';

/** An open model and the key that tells it from every other one. */
export interface OpenModel {
  readonly key: string;
  readonly explainer: Explainer;
  /** Of the file that the person named. */
  readonly sha256: string;
  /** What neither the weights nor the files beside them decide. */
  readonly assumed: readonly Assumption[];
  /** Sentences for the person. */
  readonly notices: readonly string[];
}

export class OpenModels {
  private readonly models: LeastRecentlyUsed<OpenModel>;
  private readonly phrases = new EmbeddedPhrases();

  constructor(private settings: WorkerSettings) {
    this.models = new LeastRecentlyUsed<OpenModel>(
      settings.sessionBytes,
      ({ explainer }) => explainer.bytes,
      ({ explainer }) => void explainer.release(),
    );
  }

  configure(settings: WorkerSettings): void {
    this.settings = settings;
    this.models.setLimit(settings.sessionBytes);
  }

  /**
   * @param inputSize height and width to fix where the model leaves them open
   * @throws Failure `model-missing`; EngineError for a file that cannot be explained
   */
  async open(
    model: ModelDescription,
    inputSize: readonly [height: number, width: number],
    onStage: (phrase: string) => void,
  ): Promise<OpenModel> {
    const { threads, provider, cacheFolder } = this.settings;
    const { backbone } = model;
    const stamp = [await stampOf(model.path), backbone && (await stampOf(backbone.path))];
    const asked = comparesPhrases(model) ? [model.zeroShot, model.phrases] : [];
    const output = { stated: model.output, names: model.labels.length };
    const key = JSON.stringify([model.path, stamp, threads, provider, inputSize, output, ...asked]);
    const known = this.models.get(key);
    if (known) {
      return known;
    }
    if (comparesPhrases(model)) {
      const opened: OpenModel = {
        key,
        ...(await openZeroShot(model, this.phrases, this.settings, inputSize, onStage)),
        assumed: model.assumed,
      };
      this.models.set(key, opened);
      return opened;
    }
    const file = backbone
      ? await composeProbe({ ...model, backbone }, cacheFolder, onStage)
      : await onnxFileOf(model.path, cacheFolder, inputSize, onStage);
    try {
      const explainer = await openExplainer(
        file.path,
        { threads, provider, cacheFolder, inputSize, output },
        onStage,
      );
      const opened: OpenModel = {
        key,
        explainer,
        sha256: file.builtFrom ?? explainer.sha256,
        assumed: [...model.assumed, ...file.assumed, ...explainer.output.assumed],
        notices: [...file.notices, ...explainer.notices],
      };
      this.models.set(key, opened);
      return opened;
    } finally {
      await file.dispose();
    }
  }
}

/** Changes when the file does, or one of its parts. */
async function stampOf(file: string): Promise<readonly number[]> {
  const stamps: number[] = [];
  for (const one of await checkpointFiles(file)) {
    try {
      const { mtimeMs, size } = await stat(one);
      stamps.push(mtimeMs, size);
    } catch (cause) {
      throw new Failure(
        'model-missing',
        one === file
          ? `There is no model at ${file}.`
          : `A part of the model is missing: there is no ${one}.`,
        one === file
          ? 'Check the path, or choose another model.'
          : 'Put it beside the index, or download the model again.',
        { cause },
      );
    }
  }
  return stamps;
}
