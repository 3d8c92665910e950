/** From a picture that a thread has seen to what the model says of it, and where it looks. */
import { packMap } from '../../dataset/pack-map';
import type { MethodCall } from '../../engine/methods/method';
import type { Explainer } from '../../engine/explainer';
import type { ImageSession, Values } from '../../engine/image-program';
import { ranking } from '../../engine/outputs/probabilities';
import type { Grid } from '../../shared/explanation';
import { patchSums } from '../../shared/patch-sums';
import type { SeenPicture } from './picture-job';
import type { CachedResult } from './result-cache';

export type ExplainPicture = (seen: SeenPicture) => Promise<CachedResult>;

/** The thread has run the model and the map: nothing is left to compute. */
export function explainedInThread(grid: Grid): ExplainPicture {
  return (seen) => Promise.resolve(resultOf(seen.values, grid, seen));
}

/** Logits and map by a session of this thread: a GPU is not shared out. */
export function explainTogether(session: ImageSession, grid: Grid): ExplainPicture {
  return async (seen) => {
    const [pixels] = seen.values;
    return resultOf(pixels ? await session.run(pixels.data) : [], grid, seen);
  };
}

/** First the classes, then the map of the best one: of methods that no program has. */
export function explainBestClass(
  explainer: Explainer,
  { method, options }: MethodCall,
): ExplainPicture {
  const { grid } = explainer.structure;
  return async ({ values: [pixels], window, remarks }) => {
    const data = pixels?.data ?? new Float32Array();
    const classified = await explainer.classify(data, { method, options });
    const best = ranking(classified.logits, explainer.output.kind).slice(0, 1);
    const { maps, shape } = await explainer.explain(classified, method, options, best);
    return {
      logits: classified.logits,
      map: packMap(patchSums(maps, shape, grid), ...grid),
      window,
      remarks,
    };
  };
}

/** @param outputs logits `[1, classes]` and map `[1, rows, columns]` */
function resultOf(
  [logits, map]: readonly Values[],
  grid: Grid,
  { window, remarks }: Pick<SeenPicture, 'window' | 'remarks'>,
): CachedResult {
  if (logits === undefined || map === undefined) throw new Error('a thread returned no map');
  const [, rows = 0, columns = 0] = map.dims;
  const sums = patchSums(map.data, [rows, columns], grid);
  return { logits: logits.data, map: packMap(sums, ...grid), window, remarks };
}
