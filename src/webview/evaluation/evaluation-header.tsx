/** What is compared on which pictures, and the reports of it. */
import { pictureCounts, type EvaluationState } from '../../shared/evaluation-page/evaluation-state';
import type { GalleryDataset } from '../../shared/gallery/gallery-state';
import type { EvaluationExport, FromEvaluation } from '../../shared/protocol/evaluation';
import { ChoiceField } from '../components/choice-field';
import { ModelSelect } from '../components/model-select';
import { ReportButtons } from '../components/report-buttons';

interface Props {
  readonly dataset: GalleryDataset;
  readonly state: EvaluationState;
  readonly say: (message: FromEvaluation) => void;
}

const formats: readonly EvaluationExport[] = ['html', 'csv', 'json'];

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
        <ModelSelect
          id="evaluation-model"
          chosen={modelId}
          models={models.filter(({ id, onDisk }) => onDisk || id === modelId)}
          onChoose={(id) => say({ kind: 'chooseModel', modelId: id })}
          onBrowse={() => say({ kind: 'browseModel' })}
        />
      </div>
      <ChoiceField
        id="evaluation-pictures"
        label="Pictures"
        chosen={String(pictures)}
        offered={counts}
        onChoose={({ count }) => say({ kind: 'choosePictures', pictures: count })}
      />
      <ReportButtons
        formats={formats}
        disabled={comparison === undefined}
        onSave={(format) => say({ kind: 'export', format })}
      />
    </header>
  );
}
