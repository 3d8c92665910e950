/** Whether a model is right as often as it is sure. */
import type { Calibration } from '../shared/dataset-summary';

/** As in the papers that figures are compared with. */
const binCount = 15;

/**
 * Reliability curve and expected calibration error of the best answers: the answers go by their
 * probability p into bins of equal width, (0, 1/15] to (14/15, 1], and
 * `ECE = Σ_b n_b/n · |accuracy_b − confidence_b|` over the bins’ shares of right answers and mean
 * probabilities (Guo et al., “On Calibration of Modern Neural Networks”, ICML 2017, equations 2 to 5;
 * Naeini et al., AAAI 2015).
 */
export class CalibrationBins {
  private readonly counts = new Float64Array(binCount);
  private readonly confidences = new Float64Array(binCount);
  private readonly hits = new Float64Array(binCount);

  /** @param probability of the best class, 0 … 1 */
  add(probability: number, right: boolean): void {
    const bin = Math.min(binCount - 1, Math.max(0, Math.ceil(probability * binCount) - 1));
    this.counts[bin] = (this.counts[bin] ?? 0) + 1;
    this.confidences[bin] = (this.confidences[bin] ?? 0) + probability;
    if (right) this.hits[bin] = (this.hits[bin] ?? 0) + 1;
  }

  /** Undefined where nothing was added. */
  get calibration(): Calibration | undefined {
    const all = this.counts.reduce((sum, count) => sum + count, 0);
    if (all === 0) return undefined;
    const bins = Array.from(this.counts, (samples, bin) => ({
      samples,
      confidence: (this.confidences[bin] ?? 0) / samples,
      accuracy: (this.hits[bin] ?? 0) / samples,
    })).filter(({ samples }) => samples > 0);
    const error = bins.reduce(
      (sum, { samples, confidence, accuracy }) =>
        sum + (samples / all) * Math.abs(accuracy - confidence),
      0,
    );
    return { bins, error };
  }
}
