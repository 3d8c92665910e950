/** Whether the model is right as often as it is sure. */
import type { Calibration } from '../../shared/dataset-summary';
import { formatAccuracy, formatShare } from '../../shared/format-number';
import { CurvePlot } from '../plot/curve-plot';

export function CalibrationView({ calibration: { bins, error } }: { calibration: Calibration }) {
  const sure = bins.map(({ confidence }) => confidence);
  return (
    <section class="calibration" data-testid="calibration">
      <h2>Calibration</h2>
      <p class="quiet">
        {`How often the best answer is right, by its probability. Expected calibration error: ${formatAccuracy(error)}, the mean distance between both over all labelled samples; few samples make it look larger than it is.`}
      </p>
      <CurvePlot
        title="Right answers"
        shares={sure}
        shareName="probability of the answer"
        shareInWords={(share) => `probability ${formatShare(share)}`}
        curves={[
          { name: 'right', values: bins.map(({ accuracy }) => accuracy) },
          { name: 'as sure as right', values: sure },
        ]}
        between={[0, 1]}
        counts={{ name: 'samples', values: bins.map(({ samples }) => samples) }}
        format={formatShare}
      />
    </section>
  );
}
