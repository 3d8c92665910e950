/** The dataset, what it is explained with, the two views of it, and its reports. */
import type { FromGallery, GalleryExport, GalleryView } from '../../shared/gallery-protocol';
import type { Dataset } from './gallery-state';

interface Props {
  readonly dataset: Dataset;
  readonly tab: GalleryView['tab'];
  readonly post: (message: FromGallery) => void;
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

export function GalleryHeader({ dataset, tab, post, onView }: Props) {
  const { models, methods, modelId, method } = dataset;
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
        <select
          id="gallery-model"
          data-testid="gallery-model"
          value={modelId}
          onChange={({ currentTarget: { value } }) => post({ kind: 'chooseModel', modelId: value })}
        >
          {models
            .filter(({ id, onDisk }) => onDisk || id === modelId)
            .map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
        </select>
      </div>
      <div class="control">
        <label for="gallery-method">Method</label>
        <select
          id="gallery-method"
          data-testid="gallery-method"
          value={method}
          onChange={({ currentTarget: { value } }) => post({ kind: 'chooseMethod', method: value })}
        >
          {methods.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
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
            onClick={() => post({ kind: 'export', format })}
          >
            {name}
          </button>
        ))}
      </div>
    </header>
  );
}
