/** What a linear probe is trained on: the readout of a backbone for many pictures, and their classes. */
export interface LabelledFeatures {
  /** `[rows, dim]`, row-major. */
  readonly features: Float32Array;
  readonly dim: number;
  /** Class index of each row, `0 … classes - 1`. */
  readonly labels: Int32Array;
  readonly classes: number;
}

/** The rows chosen, in the order given. */
export function takeRows(data: LabelledFeatures, rows: Int32Array): LabelledFeatures {
  const { dim } = data;
  const features = new Float32Array(rows.length * dim);
  const labels = new Int32Array(rows.length);
  rows.forEach((row, index) => {
    features.set(data.features.subarray(row * dim, (row + 1) * dim), index * dim);
    labels[index] = data.labels[row] ?? 0;
  });
  return { features, dim, labels, classes: data.classes };
}
