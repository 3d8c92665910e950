/** The whole gallery. */
import { useMemo, useState } from 'preact/hooks';
import { amongAll } from '../../shared/among';
import { choiceInWords } from '../../shared/gallery/choice-in-words';
import { chooseTiles } from '../../shared/gallery/choose-tiles';
import type { GalleryState } from '../../shared/gallery/gallery-state';
import type { GalleryView } from '../../shared/gallery/gallery-view';
import type { FromGallery } from '../../shared/protocol/gallery';
import { otherEvidence } from '../components/against-toggle';
import { FailureNotice } from '../components/failure-notice';
import { PreparedLine } from '../components/prepared-line';
import type { FailureAction } from '../failure-actions';
import { AmongClasses } from './among-classes';
import { Filters } from './filters';
import { GalleryHeader } from './gallery-header';
import { GalleryNotices } from './gallery-notices';
import { LabelEditor } from './label-editor';
import { PhraseEditor } from './phrase-editor';
import { ProgressLine } from './progress-line';
import { ReadingSwitch } from './reading-switch';
import { SummaryView } from './summary-view';
import { TileGrid } from './tile-grid';
import { useGlance } from './use-glance';
import { useKey } from '../use-key';

interface Props {
  readonly state: GalleryState;
  readonly say: (message: FromGallery) => void;
}

export function GalleryApp({ state, say }: Props) {
  const { asked, view, dataset, tiles, pictures, progress, summary } = state;
  const { tab, selected, evidence } = view;
  const onView = (change: Partial<GalleryView>): void =>
    say({ kind: 'look', view: { ...view, selected: undefined, ...change } });
  const { among, show, classIndex, cell, text, sort, descending } = view;
  const chosen = useMemo(
    () => chooseTiles(tiles, view, dataset?.classes ?? []),
    [tiles, dataset, among, show, classIndex, cell?.truth, cell?.answer, text, sort, descending],
  );
  const unread = useMemo(() => tiles.filter(({ ok }) => !ok).length, [tiles]);
  const signed = dataset?.methods.find(({ id }) => id === dataset.method)?.signed ?? false;
  const [overlays, setOverlays] = useState(true);
  useGlance((original) => setOverlays(!original));
  useKey('a', () => {
    if (signed) onView({ evidence: otherEvidence(evidence) });
  });

  const onFailure = (action: FailureAction): void => {
    if (action === 'chooseModel') document.getElementById('gallery-model')?.focus();
    else if (action === 'chooseMethod') document.getElementById('gallery-method')?.focus();
    else say({ kind: action });
  };
  return (
    <main class="gallery" data-testid="gallery">
      {dataset && (
        <GalleryHeader
          dataset={dataset}
          asked={asked}
          tab={tab}
          chosen={choiceInWords(view, dataset) === undefined ? undefined : chosen.length}
          say={say}
          onView={onView}
        />
      )}
      <ProgressLine progress={progress} done="explained" unread={unread} say={say} />
      {progress.kind === 'failed' && (
        <FailureNotice failure={progress.failure} onAction={onFailure} />
      )}
      {dataset && (
        <>
          {dataset.prepared !== undefined && (
            <PreparedLine
              prepared={dataset.prepared}
              assumed={dataset.assumed}
              onChange={() => say({ kind: 'showModel' })}
            />
          )}
          <GalleryNotices dataset={dataset} tiles={tiles} />
          {dataset.phrases === undefined ? (
            <>
              <ReadingSwitch
                dataset={dataset}
                onRead={(reading) => say({ kind: 'readLabels', reading })}
              />
              <LabelEditor
                dataset={dataset}
                onMap={(label, index) => say({ kind: 'mapLabel', label, index })}
              />
            </>
          ) : (
            <PhraseEditor
              // The extension's phrases replace what was typed.
              key={dataset.phrases.join('\n')}
              phrases={dataset.phrases}
              unmatched={dataset.unmatched}
              onUse={(phrases) => say({ kind: 'usePhrases', phrases })}
            />
          )}
        </>
      )}
      {dataset?.choosesClasses === true && (
        <AmongClasses
          dataset={dataset}
          choice={among ? (asked.among ?? { of: 'dataset' }) : amongAll}
          onChoose={(choice) => say({ kind: 'useAmong', among: choice })}
        />
      )}
      {dataset && tab === 'samples' && (
        <>
          <Filters
            tiles={tiles}
            chosen={chosen}
            dataset={dataset}
            view={view}
            signed={signed}
            onView={onView}
            onAnnotations={() => say({ kind: 'chooseAnnotations' })}
          />
          <TileGrid
            tiles={chosen}
            pictures={pictures}
            onSee={(names) => say({ kind: 'see', names: [...names] })}
            dataset={dataset}
            isAmong={among && dataset.among !== undefined}
            against={evidence === 'for-and-against'}
            overlays={overlays}
            selected={selected}
            onSelect={(name) => onView({ selected: name })}
            onOpen={(name, focus) => say({ kind: 'open', name, focus })}
          />
        </>
      )}
      {dataset && tab === 'summary' && summary && (
        <SummaryView
          summary={summary}
          isAmong={among}
          dataset={dataset}
          signed={signed}
          onView={onView}
          onOpen={(name) => {
            onView({ tab: 'samples', selected: name });
            say({ kind: 'open', name, focus: false });
          }}
        />
      )}
    </main>
  );
}
