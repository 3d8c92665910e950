/** The whole page of a comparison. */
import { useCallback, useMemo, useRef, useState } from 'preact/hooks';
import { cellKey, cellsOf, type CellAddress } from '../../shared/compare/comparison';
import { cellsByKey } from '../../shared/compare/comparison-state';
import type { FromComparison } from '../../shared/protocol/compare';
import { FailureNotice } from '../components/failure-notice';
import { HelpButton } from '../components/help-button';
import { HelpDialog } from '../components/help-dialog';
import type { FailureAction } from '../failure-actions';
import { useShortcuts } from '../use-shortcuts';
import { AxisControls } from './axis-controls';
import { cellName, changedInWords } from './axis-words';
import { actionFor, comparisonHelp, useComparisonKeys } from './compare-shortcuts';
import type { ComparisonAction, ComparisonPage, ComparisonView } from './comparison-page';
import { ComparisonProgress } from './comparison-progress';
import { ComparisonTools } from './comparison-tools';
import { comparisonAsPage, comparisonAsPicture } from './compose-comparison';
import { MapGrid } from './map-grid';
import { PairView } from './pair-view';
import { PointerWords } from './pointer-words';
import type { SharedPointer } from './shared-pointer';
import { onCommonScale, shownCells } from './shown-cell';
import type { Shortcut } from '../shortcuts';

interface Props {
  readonly model: ComparisonPage;
  readonly act: (action: ComparisonAction) => void;
}

export function ComparisonApp({ model, act }: Props) {
  const { copy, view } = model;
  const state = copy.now;
  const { asked, activity, methods } = state;
  const { look } = view;
  const help = useRef<HTMLDialogElement>(null);
  const [pointer, setPointer] = useState<SharedPointer>();
  const [problem, setProblem] = useState('');
  const latest = useRef({ view, act });
  latest.current = { view, act };
  const say = (message: FromComparison): void => act({ kind: 'said', message });
  const onLook = (change: Partial<ComparisonView>): void => act({ kind: 'looked', change });

  const onShortcut = useCallback((shortcut: Shortcut) => {
    if (help.current?.open === true) return;
    if (shortcut.kind === 'help') {
      help.current?.showModal();
      return;
    }
    const action = actionFor(shortcut, latest.current.view);
    if (action !== undefined) latest.current.act(action);
  }, []);
  useShortcuts(onShortcut, false);
  useComparisonKeys((pairing) => onLook({ pairing }));

  const rows = useMemo(() => (asked === undefined ? [] : cellsOf(asked)), [asked]);
  const cells = useMemo(() => cellsByKey(state.cells), [state.cells]);
  const shown = useMemo(() => {
    const wanted = rows.flat().flatMap((address) => cells.get(cellKey(address)) ?? []);
    const own = shownCells(wanted, methods, look);
    return view.commonScale ? onCommonScale(own) : own;
  }, [rows, cells, methods, look, view.commonScale]);
  const onFailure = (action: FailureAction): void => {
    if (action === 'chooseModel') document.getElementById('held-models')?.focus();
    else if (action === 'chooseMethod') document.getElementById('held-methods')?.focus();
    else say({ kind: action });
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
  const onSave = async (format: 'png' | 'html'): Promise<void> => {
    const source = { state, asked, rows, cells, shown, look };
    setProblem('');
    try {
      if (format === 'html') say(await comparisonAsPage(source));
      else say({ kind: 'savePng', png: await comparisonAsPicture(source) });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      setProblem(`The maps could not be saved (${reason}).`);
    }
  };
  const known = [...shown.values()];
  const kind = {
    signed: known.some(({ method }) => method?.signed === true),
    pixels: known.some(({ method }) => method?.pixels === true),
  };
  const named = (key: string) => {
    const address = rows.flat().find((one) => cellKey(one) === key);
    const cell = shown.get(key);
    return address && cell && { name: cellName(state, asked, address), cell };
  };
  const pictureOf = ({ pictures, models }: Pick<CellAddress, 'pictures' | 'models'>) =>
    state.drawn.find(({ uri, modelId }) => uri === pictures && modelId === models);
  const pair = view.marked.flatMap((key) => {
    const one = named(key);
    const picture = one && pictureOf({ pictures: one.cell.picture, models: one.cell.model });
    return one && picture ? [{ one, picture }] : [];
  });
  const [first, second] = pair;
  const changed = changedInWords(state, asked);
  return (
    <main class="comparison" data-testid="comparison" data-kind={activity.kind}>
      <header class="comparison-header">
        <h1>Compare</h1>
        <ComparisonProgress state={state} asked={asked} say={say} onFailure={onFailure} />
        <HelpButton onOpen={() => help.current?.showModal()} />
      </header>
      <AxisControls state={state} asked={asked} say={say} />
      <ComparisonTools
        view={view}
        kind={kind}
        canSave={known.length > 0}
        onLook={onLook}
        onSave={(format) => void onSave(format)}
      />
      {changed !== undefined && (
        <p class="quiet" data-testid="changed">
          {changed}
        </p>
      )}
      {problem !== '' && <p role="alert">{problem}</p>}
      {first !== undefined && second !== undefined ? (
        <PairView
          one={first.one}
          other={second.one}
          pictures={[first.picture, second.picture]}
          view={view}
          pointer={pointer}
          onPointer={setPointer}
          onPairing={(pairing) => onLook({ pairing })}
          onClose={() => onLook({ marked: [] })}
        />
      ) : (
        first !== undefined && (
          <p class="quiet" role="status">
            {`Marked: ${first.one.name}. Mark another map to see their difference.`}
          </p>
        )
      )}
      <MapGrid
        state={state}
        asked={asked}
        rows={rows}
        cells={cells}
        shown={shown}
        view={view}
        pointer={pointer}
        onPointer={setPointer}
        onPart={(part) => onLook({ part })}
        onMark={(key) => act({ kind: 'marked', key })}
        onOpen={({ pictures: picture, models, methods: method }) =>
          say({ kind: 'openPanel', picture, model: models, method })
        }
      />
      <PointerWords
        pointer={pointer}
        maps={rows.flat().flatMap((address) => named(cellKey(address)) ?? [])}
      />
      <HelpDialog dialogRef={help} keys={comparisonHelp} />
    </main>
  );
}
