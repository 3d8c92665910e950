/** The whole page of a comparison. */
import { useCallback, useMemo, useRef, useState } from 'preact/hooks';
import { cellsAsked, cellsOf } from '../../shared/compare/comparison';
import { cellsByKey, missingCells } from '../../shared/compare/comparison-state';
import type { FromComparison } from '../../shared/protocol/compare';
import { ActivityBar } from '../components/activity-bar';
import { FailureNotice } from '../components/failure-notice';
import { HelpDialog } from '../components/help-dialog';
import { ViewControls } from '../components/view-controls';
import type { FailureAction } from '../failure-actions';
import type { Shortcut } from '../shortcuts';
import { useShortcuts } from '../use-shortcuts';
import type { Looks } from '../view-state';
import { zoomStepped } from '../zoom';
import { AxisControls } from './axis-controls';
import { comparisonHelp } from './compare-shortcuts';
import type { ComparisonAction, ComparisonPage, ComparisonView } from './comparison-page';
import { MapGrid } from './map-grid';
import type { SharedPointer } from './shared-pointer';
import { zoomedAt } from './shared-zoom';
import { styleFor } from './shown-cell';

interface Props {
  readonly model: ComparisonPage;
  readonly act: (action: ComparisonAction) => void;
}

export function ComparisonApp({ model, act }: Props) {
  const { copy, view } = model;
  const state = copy.now;
  const { asked, activity } = state;
  const help = useRef<HTMLDialogElement>(null);
  const [pointer, setPointer] = useState<SharedPointer>();
  const latest = useRef({ view, act });
  latest.current = { view, act };
  const say = (message: FromComparison): void => act({ kind: 'said', message });
  const look = (change: Partial<ComparisonView>): void => act({ kind: 'looked', change });

  const onShortcut = useCallback((shortcut: Shortcut) => {
    if (help.current?.open === true) return;
    if (shortcut.kind === 'help') return help.current?.showModal();
    const action = actionFor(shortcut, latest.current.view);
    if (action !== undefined) latest.current.act(action);
  }, []);
  useShortcuts(onShortcut, false);

  const rows = useMemo(() => (asked === undefined ? [] : cellsOf(asked)), [asked]);
  const cells = useMemo(() => cellsByKey(state.cells), [state.cells]);
  const onFailure = (action: FailureAction): void => {
    if (action !== 'chooseModel' && action !== 'chooseMethod') say({ kind: action });
  };
  if (asked === undefined) {
    return (
      <div class="empty" data-testid="empty">
        {activity.kind === 'failed' ? (
          <FailureNotice failure={activity.failure} onAction={onFailure} />
        ) : (
          <p>Waiting for the pictures.</p>
        )}
      </div>
    );
  }
  const total = rows.reduce((sum, row) => sum + row.length, 0);
  const beyond = cellsAsked(asked) - total;
  const done = total - missingCells(state).length;
  return (
    <div class="comparison" data-testid="comparison" data-kind={activity.kind}>
      <header class="comparison-header">
        <h1>Compare</h1>
        <AxisControls state={state} asked={asked} say={say} />
        <button
          type="button"
          class="plain help-button"
          aria-label="Keys"
          title="Keys (?)"
          onClick={() => help.current?.showModal()}
        >
          ?
        </button>
      </header>
      <div class="comparison-tools">
        <ViewControls
          view={view.look}
          style={styleFor(undefined, view.look)}
          onChange={(change) => look({ look: { ...view.look, ...change } })}
        />
      </div>
      <div class="comparison-progress" data-testid="progress">
        <ActivityBar
          activity={activity}
          onCancel={() => say({ kind: 'cancel' })}
          onRetry={() => say({ kind: 'retry' })}
        />
        {activity.kind === 'busy' && (
          <progress max={total} value={done} aria-label="Maps that are there" />
        )}
        {activity.kind === 'failed' && (
          <FailureNotice failure={activity.failure} onAction={onFailure} />
        )}
        {beyond > 0 && (
          <p class="quiet">{`${beyond} more maps are left out: choose fewer of an axis.`}</p>
        )}
      </div>
      <MapGrid
        state={state}
        asked={asked}
        rows={rows}
        cells={cells}
        view={view}
        pointer={pointer}
        onPointer={setPointer}
        onPart={(part) => look({ part })}
        onMark={(key) => act({ kind: 'marked', key })}
        onOpen={({ pictures: picture, models, methods: method }) =>
          say({ kind: 'openPanel', picture, model: models, method })
        }
      />
      <HelpDialog dialogRef={help} keys={comparisonHelp} />
    </div>
  );
}

/** What a key that a comparison has in common with a panel does. */
function actionFor(
  shortcut: Shortcut,
  { look, part }: ComparisonView,
): ComparisonAction | undefined {
  const looking = (change: Partial<Looks>): ComparisonAction => ({
    kind: 'looked',
    change: { look: { ...look, ...change } },
  });
  switch (shortcut.kind) {
    case 'original':
      return looking({ showOriginal: !look.showOriginal });
    case 'drawing':
      return looking({ drawing: look.drawing === 'smooth' ? 'patches' : 'smooth' });
    case 'otsu':
      return looking({ otsu: !look.otsu });
    case 'opacity': {
      const opacity = Math.min(1, Math.max(0, look.opacity + shortcut.by));
      return looking({ opacity: Math.round(opacity * 100) / 100 });
    }
    case 'zoom':
      return {
        kind: 'looked',
        change: { part: zoomedAt(part, zoomStepped(part.zoom, shortcut.by)) },
      };
    case 'cancel':
      return { kind: 'said', message: { kind: 'cancel' } };
    default:
      return undefined;
  }
}
