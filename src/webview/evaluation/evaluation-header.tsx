/** What is compared on which pictures, and the reports of it. */
import { pictureCounts, type EvaluationState } from '../../shared/evaluation-page/evaluation-state';
import type { GalleryDataset } from '../../shared/gallery/gallery-state';
import type { EvaluationExport, FromEvaluation } from '../../shared/protocol/evaluation';
import { Select } from '../components/select';

interface Props {
  readonly dataset: GalleryDataset;
  readonly state: EvaluationState;
  readonly say: (message: FromEvaluation) => void;
}

const exports: readonly (readonly [EvaluationExport, string])[] = [
  ['html', 'HTML'],
  ['csv', 'CSV'],
  ['json', 'JSON'],
];

export function EvaluationHeader({ dataset, state: { asked, comparison }, say }: Props) {
  const { models, total } = dataset;
  const { modelId = dataset.modelId, pictures } = asked;
  // One that is not smaller than the dataset means all of it.
  const counts = pictureCounts
    .filter((count, at) => at === 0 || (pictureCounts[at - 1] ?? 0) < total || count === pictures)
    .map((count) => ({
      id: String(count),
      name: count >= total ? `All ${total}` : `${count} of ${total}`,
      count,
    }));
  return (
    <header class="gallery-header">
      <h1 title={dataset.title}>{dataset.title}</h1>
      <div class="control">
        <label for="evaluation-model">Model</label>
        <Select
          id="evaluation-model"
          testId="evaluation-model"
          chosen={modelId}
          offered={models.filter(({ id, onDisk }) => onDisk || id === modelId)}
          onChoose={({ id }) => say({ kind: 'chooseModel', modelId: id })}
        />
      </div>
      <div class="control">
        <label for="evaluation-pictures">Pictures</label>
        <Select
          id="evaluation-pictures"
          testId="evaluation-pictures"
          chosen={String(pictures)}
          offered={counts}
          onChoose={({ count }) => say({ kind: 'choosePictures', pictures: count })}
        />
      </div>
      <div class="buttons" role="group" aria-label="Save report">
        <span class="quiet">Report</span>
        {exports.map(([format, name]) => (
          <button
            key={format}
            type="button"
            class="secondary"
            data-testid={`export-${format}`}
            aria-label={`Save report as ${name}`}
            disabled={comparison === undefined}
            onClick={() => say({ kind: 'export', format })}
          >
            {name}
          </button>
        ))}
      </div>
    </header>
  );
}
