/** Runs an attribution session on what the forward run left of one image. */
import { Tensor } from 'onnxruntime-node';
import type { AttributionSession } from './attribution-sessions';
import type { ForwardRun } from './backward/forward-run';
import type { InputRole } from './backward/tape';

export interface Maps {
  /** `[K, rows, columns]`, targets in the order asked for. */
  readonly maps: Float32Array;
  readonly shape: readonly [rows: number, columns: number];
  /** What the walk's attribution adds up to, `[K]`, where its rules promise a sum. */
  readonly totals?: Float32Array;
}

/** What is explained: the recorder's own inputs. */
export interface Explained {
  /** The image whose map it is, `[1, 3, H, W]`; the walk may be taken at another one. */
  readonly pixels: Float32Array;
  /** `[K, classes]`. */
  readonly seed: Float32Array;
  /** K. */
  readonly targets: number;
}

/** @param at the image that the walk is taken at, `[1, 3, H, W]` */
export async function traceMaps(
  { model, session }: AttributionSession,
  forward: ForwardRun,
  at: Float32Array,
  { pixels, seed, targets }: Explained,
): Promise<Maps> {
  const own = {
    seed: () => new Tensor('float32', seed, [targets, seed.length / targets]),
    pixels: () => forward.image(pixels),
  } satisfies Record<InputRole, () => Tensor>;
  const feeds = await forward.tensors(at, model.taps);
  for (const { name, role } of model.inputs) feeds[name] = own[role]();
  const result = await session.run(feeds);
  const map = result[model.output];
  if (!map) throw new Error(`the attribution session returned no “${model.output}”`);
  const [count = 1, rows = 0, columns = 0] = map.dims;
  const values = map.data as Float32Array;
  const totals = model.total === undefined ? undefined : result[model.total];
  if (count === targets) {
    return {
      maps: values,
      shape: [rows, columns],
      ...(totals && { totals: totals.data as Float32Array }),
    };
  }
  // The same map for every class.
  const maps = new Float32Array(targets * values.length);
  for (let k = 0; k < targets; k++) maps.set(values, k * values.length);
  return { maps, shape: [rows, columns] };
}
