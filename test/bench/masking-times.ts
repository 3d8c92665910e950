/** What a step of a curve costs, by how patches are taken away, beside a plain forward run. */
import type { InferenceSession } from 'onnxruntime-node';
import type { Explainer } from '../../src/engine/explainer';
import { RankedOrder } from '../../src/engine/measure/ranked-order';
import { defaultMeasuring, removals, type Removal } from '../../src/shared/faithfulness';
import { seededRandom, shuffled } from '../../src/shared/random';
import { medianSpent, spent, type Spent } from './spent';

export interface MaskingTimes {
  readonly removal: Removal;
  readonly plain: Spent;
  /** Of one mask among those of both curves of an order. */
  readonly step: Spent;
}

/** @param plain one run of ONNX Runtime on a picture */
export async function maskingTimes(
  explainer: Explainer,
  plain: () => Promise<InferenceSession.OnnxValueMapType>,
  pixels: Float32Array,
  rounds: number,
): Promise<MaskingTimes[]> {
  const [rows, columns] = explainer.structure.grid;
  const patches = rows * columns;
  const { steps } = defaultMeasuring;
  const counts = Array.from({ length: steps - 1 }, (_, i) =>
    Math.round(((i + 1) * patches) / steps),
  );
  const masks = new RankedOrder([...shuffled(patches, seededRandom(1))], counts).curveMasks();
  const classified = await explainer.classify(pixels);
  const found: MaskingTimes[] = [];
  for (const removal of removals.filter((one) => explainer.cannotRemove(one) === undefined)) {
    const plains: Spent[] = [];
    const all: Spent[] = [];
    for (let round = 0; round <= rounds; round++) {
      const forward = await spent(plain);
      const masked = await spent(() => explainer.classifyWithout(classified, removal, masks));
      // The first round allocates.
      if (round === 0) continue;
      plains.push(forward);
      all.push(masked);
    }
    const { wall, cpu } = medianSpent(all);
    const step = { wall: wall / masks.length, cpu: cpu / masks.length };
    found.push({ removal, plain: medianSpent(plains), step });
  }
  return found;
}
