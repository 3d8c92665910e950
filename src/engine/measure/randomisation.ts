/** Whether maps depend on what a model has learned. */
import { patchSums } from '../../shared/patch-sums';
import { EngineError } from '../engine-error';
import type { Explainer } from '../explainer';
import type { MethodCall } from '../methods/method';
import { ranking } from '../outputs/probabilities';
import { withShuffledWeights } from './shuffled-weights';
import { spearman } from './spearman';

/** Shares of the blocks whose weights are shuffled beside those of the head, from above. */
export const shuffledShares = [0, 1 / 3, 2 / 3, 1] as const;

const seed = 1;

/**
 * Spearman's correlation, over patches, of a map of the model and the map of the same class by the
 * model with shuffled weights, mean over pictures: the cascading randomisation of Adebayo et al.,
 * NeurIPS 2018 (arXiv:1810.03292), on signed values. Near 0 where a map shows what was learned; near
 * 1 where it shows the picture or the architecture.
 *
 * @param pictures `[1, 3, H, W]` each, preprocessed
 * @returns by method, one number for each of `shuffledShares`, −1 … 1; NaN where no map was finite
 * @throws EngineError as `Explainer.explain` does, but `not-finite` of the shuffled model
 */
export async function randomisation(
  explainer: Explainer,
  pictures: readonly Float32Array[],
  calls: readonly MethodCall[],
  onShare: (done: number) => void = () => undefined,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const { blocks } = explainer.structure;
  const answers: number[] = [];
  for (const pixels of pictures) {
    const { logits } = await explainer.classify(pixels);
    answers.push(ranking(logits, explainer.output.kind)[0] ?? 0);
  }
  const learned = await mapsOf(explainer, pictures, answers, calls);
  const correlations = new Map(calls.map(({ method }) => [method, [] as number[]]));
  for (const [done, share] of shuffledShares.entries()) {
    const from = blocks.length - Math.round(share * blocks.length);
    const other = await explainer.withWeights((graph, structure) =>
      withShuffledWeights(graph, structure, from, seed),
    );
    try {
      const shuffled = await mapsOf(other, pictures, answers, calls);
      for (const [method, found] of correlations)
        found.push(meanCorrelation(learned.get(method) ?? [], shuffled.get(method) ?? []));
    } finally {
      await other.release();
    }
    onShare(done + 1);
  }
  return correlations;
}

type PatchMaps = readonly (Float32Array | undefined)[];

/** One method after another, so that each is opened once; a picture's map is undefined where it is not finite. */
async function mapsOf(
  explainer: Explainer,
  pictures: readonly Float32Array[],
  answers: readonly number[],
  calls: readonly MethodCall[],
): Promise<ReadonlyMap<string, PatchMaps>> {
  const found = new Map<string, PatchMaps>();
  for (const { method, options } of calls) {
    const maps: (Float32Array | undefined)[] = [];
    for (const [i, pixels] of pictures.entries()) {
      try {
        const classified = await explainer.classify(pixels, { method, options });
        const { maps: values, shape } = await explainer.explain(classified, method, options, [
          answers[i] ?? 0,
        ]);
        maps.push(Float32Array.from(patchSums(values, shape, explainer.structure.grid)));
      } catch (thrown) {
        if (!(thrown instanceof EngineError) || thrown.code !== 'not-finite') throw thrown;
        maps.push(undefined);
      }
    }
    found.set(method, maps);
  }
  return found;
}

function meanCorrelation(a: PatchMaps, b: PatchMaps): number {
  const both = a.flatMap((map, i) => {
    const other = b[i];
    return map && other ? [spearman(map, other)] : [];
  });
  return both.reduce((sum, value) => sum + value, 0) / both.length;
}
