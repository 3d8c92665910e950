/** The whole gallery. */
import { useMemo, useRef } from 'preact/hooks';
import type { FromGallery, GalleryView } from '../../shared/gallery-protocol';
import { FailureNotice } from '../components/failure-notice';
import type { FailureAction } from '../failure-actions';
import { chooseTiles } from '../../shared/choose-tiles';
import { Filters } from './filters';
import { GalleryHeader } from './gallery-header';
import { GalleryNotices } from './gallery-notices';
import type { GalleryAction, GalleryModel } from './gallery-state';
import { LabelEditor } from './label-editor';
import { PhraseEditor } from './phrase-editor';
import { ProgressLine } from './progress-line';
import { ReadingSwitch } from './reading-switch';
import { SummaryView } from './summary-view';
import { TileGrid } from './tile-grid';
import { useGlance } from './use-glance';

interface Props {
  readonly model: GalleryModel;
  readonly act: (action: GalleryAction) => void;
}

/** A key that is held moves faster than a panel opens; the panel follows when it rests. */
const restMilliseconds = 250;

export function GalleryApp({ model, act }: Props) {
  const { dataset, tiles, progress, summary, view } = model;
  const { tab, selected } = view;
  const post = (message: FromGallery): void => act({ kind: 'posted', message });
  const onView = (change: Partial<GalleryView>): void => act({ kind: 'changedView', change });
  const chosen = useMemo(
    () => chooseTiles(tiles, view, dataset?.classes ?? []),
    [tiles, dataset, view.show, view.classIndex, view.cell, view.text, view.sort, view.descending],
  );
  useGlance((original) => onView({ overlays: !original }));
  const rest = useRef<ReturnType<typeof setTimeout>>();
  const onSelect = (name: string): void => {
    onView({ selected: name });
    clearTimeout(rest.current);
    rest.current = setTimeout(() => post({ kind: 'follow', name }), restMilliseconds);
  };

  const onFailure = (action: FailureAction): void => {
    if (action === 'chooseModel') document.getElementById('gallery-model')?.focus();
    else if (action === 'chooseMethod') document.getElementById('gallery-method')?.focus();
    else post({ kind: action });
  };
  const signed = dataset?.methods.find(({ id }) => id === dataset.method)?.signed ?? false;
  return (
    <div class="gallery" data-testid="gallery">
      {dataset && <GalleryHeader dataset={dataset} tab={tab} post={post} onView={onView} />}
      <ProgressLine progress={progress} post={post} />
      {progress.kind === 'failed' && (
        <FailureNotice failure={progress.failure} onAction={onFailure} />
      )}
      {dataset && (
        <>
          <GalleryNotices dataset={dataset} tiles={tiles} />
          {dataset.phrases === undefined ? (
            <>
              <ReadingSwitch
                dataset={dataset}
                onRead={(reading) => post({ kind: 'readLabels', reading })}
              />
              <LabelEditor
                dataset={dataset}
                onMap={(label, index) => post({ kind: 'mapLabel', label, index })}
              />
            </>
          ) : (
            <PhraseEditor
              // The extension's phrases replace what was typed.
              key={dataset.phrases.join('\n')}
              phrases={dataset.phrases}
              unmatched={dataset.unmatched}
              onUse={(phrases) => post({ kind: 'usePhrases', phrases })}
            />
          )}
        </>
      )}
      {dataset && tab === 'samples' && (
        <>
          <Filters
            tiles={tiles}
            shown={chosen.length}
            classes={dataset.classes}
            view={view}
            annotations={dataset.annotations}
            onView={onView}
            onAnnotations={() => post({ kind: 'chooseAnnotations' })}
          />
          <TileGrid
            tiles={chosen}
            dataset={dataset}
            signed={signed}
            overlays={view.overlays}
            selected={selected}
            onSelect={onSelect}
            onOpen={(name, focus) => post({ kind: 'open', name, focus })}
          />
        </>
      )}
      {dataset && tab === 'summary' && summary && (
        <SummaryView
          summary={summary}
          dataset={dataset}
          onView={onView}
          onOpen={(name) => {
            onView({ tab: 'samples', selected: name });
            post({ kind: 'open', name, focus: false });
          }}
        />
      )}
    </div>
  );
}
