/** What calls share and keep between them: settings, open models, prepared pictures, results. */
import type { Classified } from '../engine/explainer';
import type { Preset } from '../shared/explanation';
import type { WorkerSettings } from '../shared/worker-protocol';
import { LeastRecentlyUsed } from './least-recently-used';
import { ModelInputs } from './model-inputs';
import { OpenModels } from './open-models';

/** One class's map, as the engine returned it. */
export interface KnownMap {
  readonly index: number;
  readonly values: Float32Array;
  readonly shape: readonly [rows: number, columns: number];
  readonly preset: Preset;
}

/** What methods read of the forward pass is kept with each answer: hundreds of MB for a large model. */
const KEPT_CLASSIFIED_BYTES = 512 * 2 ** 20;
const KEPT_MAP_BYTES = 64 * 2 ** 20;

export class Workroom {
  readonly models: OpenModels;
  readonly inputs = new ModelInputs();
  /** By model and input. */
  readonly classified = new LeastRecentlyUsed<Classified>(KEPT_CLASSIFIED_BYTES, bytesOf);
  /** By model, input, method, options and class. */
  readonly maps = new LeastRecentlyUsed<KnownMap>(
    KEPT_MAP_BYTES,
    ({ values }) => values.byteLength,
  );

  constructor(settings: WorkerSettings) {
    this.models = new OpenModels(settings);
  }

  configure(settings: WorkerSettings): void {
    this.models.configure(settings);
  }
}

function bytesOf({ pixels, taps }: Classified): number {
  const tensors = [...taps.values()].map(({ size }) => size * Float32Array.BYTES_PER_ELEMENT);
  return tensors.reduce((sum, bytes) => sum + bytes, pixels.byteLength);
}
