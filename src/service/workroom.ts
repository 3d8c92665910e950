/** What calls share and keep between them: settings, open models, prepared pictures, results. */
import type { Classified } from '../engine/explainer';
import type { MaskedAnswers } from '../engine/measure/masked-answers';
import type { Target } from '../engine/methods/seed';
import type { Faithfulness } from '../shared/faithfulness';
import type { RoomSettings } from '../shared/protocol/settings';
import { DatasetProgram } from './batch/dataset-program';
import { PictureThreads } from './batch/picture-threads';
import { ResultCaches } from './batch/result-caches';
import { LeastRecentlyUsed } from './least-recently-used';
import { OpenModels } from './models/open-models';
import { ModelInputs } from './pictures/model-inputs';

/** One target's map, as the engine returned it. */
export interface KnownMap {
  readonly target: Target;
  readonly values: Float32Array;
  readonly shape: readonly [rows: number, columns: number];
}

const keptClassified = 8;
const keptMapBytes = 64 * 2 ** 20;
const keptAnswerBytes = 32 * 2 ** 20;
const keptFaithfulness = 64;

export class Workroom {
  readonly models: OpenModels;
  readonly inputs = new ModelInputs();
  /** By model and input. */
  readonly classified = new LeastRecentlyUsed<Classified>(keptClassified, () => 1);
  /** By model, input, method, options and target. */
  readonly maps = new LeastRecentlyUsed<KnownMap>(keptMapBytes, ({ values }) => values.byteLength);
  /** By model, input and how patches are taken away. */
  readonly maskedAnswers = new LeastRecentlyUsed<MaskedAnswers>(
    keptAnswerBytes,
    ({ bytes }) => bytes,
  );
  /** By model, input, method, options, target and how it was measured. */
  readonly faithfulness = new LeastRecentlyUsed<Faithfulness>(keptFaithfulness, () => 1);
  readonly threads = new PictureThreads();
  readonly dataset = new DatasetProgram(this.threads);
  readonly results = new ResultCaches();

  constructor(readonly settings: RoomSettings) {
    this.models = new OpenModels(settings, (key) => void this.dataset.release(key));
  }

  /** Ends all threads and closes files; batches may be run again afterwards. */
  async close(): Promise<void> {
    await this.dataset.release();
    await Promise.all([this.threads.close(), this.results.close()]);
  }
}
