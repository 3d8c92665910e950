/** The dataset, what it is explained with, the two views of it, and its reports. */
import type { GalleryDataset } from '../../shared/gallery/gallery-state';
import type { GalleryChoices, GalleryView } from '../../shared/gallery/gallery-view';
import type { FromGallery, GalleryExport } from '../../shared/protocol/gallery';
import { Select } from '../components/select';

interface Props {
  readonly dataset: GalleryDataset;
  readonly asked: GalleryChoices;
  readonly tab: GalleryView['tab'];
  readonly say: (message: FromGallery) => void;
  readonly onView: (change: Partial<GalleryView>) => void;
}

const tabs: readonly (readonly [GalleryView['tab'], string])[] = [
  ['samples', 'Samples'],
  ['summary', 'Summary'],
];

const exports: readonly (readonly [GalleryExport, string])[] = [
  ['html', 'HTML'],
  ['csv', 'CSV'],
  ['jsonl', 'JSONL'],
];

export function GalleryHeader({ dataset, asked, tab, say, onView }: Props) {
  const { models, methods } = dataset;
  const { modelId, method } = { ...dataset, ...asked };
  return (
    <header class="gallery-header">
      <h1 title={dataset.title}>{dataset.title}</h1>
      <div class="segments" role="group" aria-label="View">
        {tabs.map(([id, name]) => (
          <button
            key={id}
            type="button"
            class="plain"
            data-testid={`tab-${id}`}
            aria-pressed={tab === id}
            onClick={() => onView({ tab: id })}
          >
            {name}
          </button>
        ))}
      </div>
      <div class="control">
        <label for="gallery-model">Model</label>
        <Select
          id="gallery-model"
          testId="gallery-model"
          chosen={modelId}
          offered={models.filter(({ id, onDisk }) => onDisk || id === modelId)}
          onChoose={({ id }) => say({ kind: 'chooseModel', modelId: id })}
        />
      </div>
      <div class="control">
        <label for="gallery-method">Method</label>
        <Select
          id="gallery-method"
          testId="gallery-method"
          chosen={method}
          offered={methods}
          onChoose={({ id }) => say({ kind: 'chooseMethod', method: id })}
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
            onClick={() => say({ kind: 'export', format })}
          >
            {name}
          </button>
        ))}
      </div>
    </header>
  );
}
