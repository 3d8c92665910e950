/**
 * The linear-probe protocol of MAE (He et al. 2022, appendix A.1) puts a BatchNorm without affine
 * part before the linear layer: with its running statistics, features are standardised.
 */
export interface Standardisation {
  readonly mean: Float32Array;
  /** Biased variance, as BatchNorm uses for normalising. */
  readonly variance: Float32Array;
}

/** Added to the variance before the root, as in MAE's probe. */
export const standardisationEpsilon = 1e-6;

/** Mean and variance of every feature over the rows; sums are kept in double precision. */
export function standardisationOf(features: Float32Array, dim: number): Standardisation {
  const rows = features.length / dim;
  const mean = new Float64Array(dim);
  const variance = new Float64Array(dim);
  for (let row = 0; row < rows; row++)
    for (let d = 0; d < dim; d++) mean[d] = at(mean, d) + at(features, row * dim + d) / rows;
  for (let row = 0; row < rows; row++) {
    for (let d = 0; d < dim; d++) {
      const distance = at(features, row * dim + d) - at(mean, d);
      variance[d] = at(variance, d) + (distance * distance) / rows;
    }
  }
  return { mean: Float32Array.from(mean), variance: Float32Array.from(variance) };
}

/** The features standardised, in a new array. */
export function standardise(
  features: Float32Array,
  { mean, variance }: Standardisation,
): Float32Array {
  const dim = mean.length;
  const scale = variance.map((v) => 1 / Math.sqrt(v + standardisationEpsilon));
  const standardised = new Float32Array(features.length);
  for (let start = 0; start < features.length; start += dim) {
    for (let d = 0; d < dim; d++)
      standardised[start + d] = (at(features, start + d) - at(mean, d)) * at(scale, d);
  }
  return standardised;
}

function at(values: Float32Array | Float64Array, index: number): number {
  return values[index] ?? 0;
}
