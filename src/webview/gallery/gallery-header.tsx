/** The dataset, what it is explained with, the two views of it, and its reports. */
import { useState } from 'preact/hooks';
import type { GalleryDataset } from '../../shared/gallery/gallery-state';
import type { GalleryChoices, GalleryView } from '../../shared/gallery/gallery-view';
import type { FromGallery, GalleryExport } from '../../shared/protocol/gallery';
import { ChoiceField } from '../components/choice-field';
import { ModelSelect } from '../components/model-select';
import { ReportButtons } from '../components/report-buttons';
import { offeredMethods } from '../offered-methods';

interface Props {
  readonly dataset: GalleryDataset;
  readonly asked: GalleryChoices;
  readonly tab: GalleryView['tab'];
  /** How many samples the filters leave; undefined where they leave all. */
  readonly chosen: number | undefined;
  readonly say: (message: FromGallery) => void;
  readonly onView: (change: Partial<GalleryView>) => void;
}

const tabs: readonly (readonly [GalleryView['tab'], string])[] = [
  ['samples', 'Samples'],
  ['summary', 'Summary'],
];

const formats: readonly GalleryExport[] = ['html', 'csv', 'jsonl'];

export function GalleryHeader({ dataset, asked, tab, chosen, say, onView }: Props) {
  const { models, methods, availability = [] } = dataset;
  const [asFiltered, setAsFiltered] = useState(false);
  const of = asFiltered && chosen !== undefined ? 'chosen' : 'all';
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
        <ModelSelect
          id="gallery-model"
          chosen={modelId}
          models={models.filter(({ id, onDisk }) => onDisk || id === modelId)}
          onChoose={(id) => say({ kind: 'chooseModel', modelId: id })}
          onBrowse={() => say({ kind: 'browseModel' })}
        />
      </div>
      <ChoiceField
        id="gallery-method"
        label="Method"
        chosen={method}
        offered={offeredMethods(methods, availability)}
        onChoose={({ id }) => say({ kind: 'chooseMethod', method: id })}
      />
      <ReportButtons formats={formats} onSave={(format) => say({ kind: 'export', format, of })}>
        {chosen !== undefined && (
          <button
            type="button"
            class="plain"
            data-testid="export-chosen"
            title="Reports of the samples that the filters leave, and not of all"
            aria-pressed={of === 'chosen'}
            onClick={() => setAsFiltered(!asFiltered)}
          >
            {`Only the ${chosen} shown`}
          </button>
        )}
      </ReportButtons>
    </header>
  );
}
