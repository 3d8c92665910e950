/** Runs an attribution session on what the forward run left of one image. */
import { Tensor } from 'onnxruntime-node';
import type { AttributionSession } from './attribution-sessions';
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
  readonly pixels: Tensor;
  /** `[K, classes]`. */
  readonly seed: Float32Array;
  /** K. */
  readonly targets: number;
}

/**
 * @param feeds what it reads of the image that the walk is taken at
 * @param atOnce how many classes go together
 */
export async function traceMaps(
  opened: AttributionSession,
  feeds: Readonly<Record<string, Tensor>>,
  { pixels, seed, targets }: Explained,
  atOnce: number,
): Promise<Maps> {
  const classes = seed.length / targets;
  const parts: Maps[] = [];
  for (let start = 0; start < targets; start += atOnce) {
    const portion = seed.subarray(start * classes, (start + atOnce) * classes);
    const count = portion.length / classes;
    parts.push(await traced(opened, feeds, { pixels, seed: portion, targets: count }));
  }
  const { shape, totals } = parts[0] ?? { shape: [0, 0] };
  return {
    maps: joined(parts.map(({ maps }) => maps)),
    shape,
    ...(totals && { totals: joined(parts.map((part) => part.totals ?? totals)) }),
  };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const [first] = parts;
  if (first && parts.length === 1) return first;
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

async function traced(
  { model, session }: AttributionSession,
  forward: Readonly<Record<string, Tensor>>,
  { pixels, seed, targets }: Explained,
): Promise<Maps> {
  const own = {
    seed: () => new Tensor('float32', seed, [targets, seed.length / targets]),
    pixels: () => pixels,
  } satisfies Record<InputRole, () => Tensor>;
  const feeds = { ...forward };
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
