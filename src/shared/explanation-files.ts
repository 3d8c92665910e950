/** The figures of an explanation as they are written to files, by the panel and the command line alike. */
import type { Faithfulness } from './faithfulness';
import { writeNpy } from './npy';
import { noticesAndRemarks } from './picture-remark';
import type { ExplainResult } from './protocol/explain';

/** An explanation, and how faithful its first map is where that was measured. */
export interface MeasuredResult extends ExplainResult {
  readonly faithfulness?: Faithfulness;
}

/** Plain JSON; heatmaps are raw values, row by row. */
export function explanationFigures(input: string, result: MeasuredResult): unknown {
  const { modelId, modelSha256, heatmaps, scores, notices, remarks, ...rest } = result;
  return {
    model: { id: modelId, sha256: modelSha256 },
    input,
    ...rest,
    notices: noticesAndRemarks({ notices, remarks }),
    explanations: heatmaps.map(({ index, label, against, againstLabel, values, shape }, at) => ({
      index,
      label,
      against,
      againstLabel,
      probability: scores[at]?.probability,
      share: scores[at]?.share,
      logit: scores[at]?.logit,
      value: scores[at]?.value,
      similarity: scores[at]?.similarity,
      shape,
      heatmap: Array.from(values),
    })),
  };
}

/** A `.npy` file, float32 `[K, rows, columns]`, in the order of `explanations`. */
export function stackedMaps({ heatmaps }: ExplainResult): Uint8Array {
  const [rows, columns] = heatmaps[0]?.shape ?? [0, 0];
  const values = new Float32Array(heatmaps.length * rows * columns);
  heatmaps.forEach((heatmap, at) => {
    values.set(heatmap.values, at * rows * columns);
  });
  return writeNpy({ shape: [heatmaps.length, rows, columns], values });
}
