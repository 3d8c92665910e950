/** The models that are open: one session a model, the least recently used one out by memory. */
import { stat } from 'node:fs/promises';
import { openExplainer, type Explainer } from '../engine/explainer';
import { Failure } from '../shared/failure';
import type { ModelDescription } from '../shared/model';
import type { WorkerSettings } from '../shared/worker-protocol';
import { LeastRecentlyUsed } from './least-recently-used';

/** An open model and the key that tells it from every other one. */
export interface OpenModel {
  readonly key: string;
  readonly explainer: Explainer;
}

export class OpenModels {
  private readonly explainers: LeastRecentlyUsed<Explainer>;

  constructor(private settings: WorkerSettings) {
    this.explainers = new LeastRecentlyUsed<Explainer>(
      settings.sessionBytes,
      ({ bytes }) => bytes,
      (explainer) => void explainer.release(),
    );
  }

  configure(settings: WorkerSettings): void {
    this.settings = settings;
    this.explainers.setLimit(settings.sessionBytes);
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
    const file = await stampOf(model.path);
    const key = JSON.stringify([model.path, file, threads, provider, inputSize]);
    const known = this.explainers.get(key);
    if (known) {
      return { key, explainer: known };
    }
    const explainer = await openExplainer(
      model.path,
      { threads, provider, cacheFolder, inputSize },
      onStage,
    );
    this.explainers.set(key, explainer);
    return { key, explainer };
  }
}

/** Changes when the file does. */
async function stampOf(file: string): Promise<readonly number[]> {
  try {
    const { mtimeMs, size } = await stat(file);
    return [mtimeMs, size];
  } catch (cause) {
    throw new Failure(
      'model-missing',
      `There is no model at ${file}.`,
      'Check the path, or choose another model.',
      { cause },
    );
  }
}
