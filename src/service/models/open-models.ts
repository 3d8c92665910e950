/** The models that are open: one session a model, the least recently used one out by memory. */
import type { Explainer } from '../../engine/explainer';
import { openExplainer } from '../../engine/open-explainer';
import type { OutputRequest } from '../../engine/outputs/read-output';
import type { Assumption } from '../../shared/assumption';
import type { ModelDescription } from '../../shared/model';
import { comparesPhrases } from '../../shared/phrases';
import type { RoomSettings } from '../../shared/protocol/settings';
import { identityOfModel } from '../../store/model-identity';
import { changedMeanwhile } from './changed-meanwhile';
import { LeastRecentlyUsed } from '../least-recently-used';
import { onnxFileOf } from './onnx-file';
import { composeProbe } from '../probe/compose-probe';
import { EmbeddedPhrases } from '../zero-shot/embedded-phrases';
import { openZeroShot } from '../zero-shot/open-zero-shot';

/** An open model and the key that tells it from every other one. */
export interface OpenModel {
  readonly key: string;
  readonly explainer: Explainer;
  /** Of all that its answers rest on (`identityOfModel`). */
  readonly sha256: string;
  /** What neither the weights nor the files beside them decide. */
  readonly assumed: readonly Assumption[];
  /** Sentences for the person. */
  readonly notices: readonly string[];
}

export class OpenModels {
  private readonly models: LeastRecentlyUsed<OpenModel>;
  private readonly phrases = new EmbeddedPhrases();

  /** @param onDrop called with the key of a model that leaves */
  constructor(
    private readonly settings: RoomSettings,
    onDrop: (key: string) => void,
  ) {
    this.models = new LeastRecentlyUsed<OpenModel>(
      settings.sessionBytes,
      ({ explainer }) => explainer.bytes,
      ({ key, explainer }) => {
        onDrop(key);
        void explainer.release();
      },
    );
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
    const sha256 = await identityOfModel(model, cacheFolder);
    const asked = comparesPhrases(model) ? [model.zeroShot.logitScale, model.phrases] : [];
    const key = JSON.stringify([
      model.path,
      sha256,
      threads,
      provider,
      inputSize,
      outputOf(model),
      ...asked,
    ]);
    const opened =
      this.models.get(key) ?? (await this.openAnew(key, sha256, model, inputSize, onStage));
    return { ...opened, assumed: [...model.assumed, ...opened.assumed] };
  }

  /** @returns assumed is what its weights leave open */
  private async openAnew(
    key: string,
    sha256: string,
    model: ModelDescription,
    inputSize: readonly [height: number, width: number],
    onStage: (phrase: string) => void,
  ): Promise<OpenModel> {
    const { explainer, assumed, notices } = comparesPhrases(model)
      ? await openZeroShot(model, this.phrases, this.settings, inputSize, onStage)
      : await this.openFile(model, inputSize, onStage);
    if ((await identityOfModel(model, this.settings.cacheFolder)) !== sha256) {
      await explainer.release();
      throw changedMeanwhile(model.path);
    }
    const opened = { key, explainer, sha256, assumed, notices };
    this.models.set(key, opened);
    return opened;
  }

  private async openFile(
    model: ModelDescription,
    inputSize: readonly [height: number, width: number],
    onStage: (phrase: string) => void,
  ): Promise<Pick<OpenModel, 'explainer' | 'assumed' | 'notices'>> {
    const { threads, provider, cacheFolder } = this.settings;
    const { backbone } = model;
    const output = outputOf(model);
    const file = backbone
      ? await composeProbe({ ...model, backbone }, cacheFolder, onStage)
      : await onnxFileOf(model, cacheFolder, inputSize, onStage);
    try {
      const explainer = await openExplainer(
        file.path,
        { threads, provider, cacheFolder, inputSize, output },
        onStage,
      );
      const notices = [...file.notices, ...explainer.notices];
      const assumed = [...file.assumed, ...explainer.output.assumed];
      return { explainer, assumed, notices };
    } finally {
      await file.dispose();
    }
  }
}

/** What files say of the model's numbers. */
function outputOf({ output, labels }: ModelDescription): OutputRequest {
  return { stated: output, names: labels.length };
}
