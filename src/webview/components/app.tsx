/** The whole panel. */
import { useCallback, useRef } from 'preact/hooks';
import { formatDuration } from '../../shared/format-number';
import type { Heatmap } from '../../shared/explanation';
import { measuredOf } from '../../shared/panel/measured';
import { phrasesInUse, type PanelState } from '../../shared/panel/panel-model';
import { remarkInPanel } from '../../shared/picture-remark';
import type { FromPanel } from '../../shared/protocol/panel';
import {
  classRows,
  listsAll,
  selectedContrast,
  selectedHeatmap,
  selectedMethod,
  selectedRow,
} from '../class-rows';
import type { FailureAction } from '../failure-actions';
import type { PageAction, PageModel } from '../panel-state';
import { shortcutHelp, type Shortcut } from '../shortcuts';
import { useShortcuts } from '../use-shortcuts';
import { nextDrawing, type ViewState } from '../view-state';
import { zoomStepped } from '../zoom';
import { ActivityBar } from './activity-bar';
import { otherEvidence } from './against-toggle';
import { ClassList } from './class-list';
import { ClassPicker } from './class-picker';
import { ContrastField } from './contrast-field';
import { FailureNotice } from './failure-notice';
import { FaithfulnessView } from './faithfulness-view';
import { FilmstripBar } from './filmstrip-bar';
import { HelpButton } from './help-button';
import { HelpDialog } from './help-dialog';
import { PictureIcon } from './icons';
import { LevelsControl } from './levels-control';
import { MethodChooser } from './method-chooser';
import { ModelChooser } from './model-chooser';
import { Notices } from './notices';
import { PinButton } from './pin-button';
import { PreparedLine } from './prepared-line';
import { PhraseField } from './phrase-field';
import { StabilityFigure } from './stability-figure';
import { Viewer } from './viewer';

interface Props {
  readonly model: PageModel;
  readonly act: (action: PageAction) => void;
}

export function App({ model, act }: Props) {
  const help = useRef<HTMLDialogElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const { copy, view } = model;
  const panel = copy.now;
  const { picture, modelId, method, activity, opened, classified, explained, levels } = panel;
  const phrases = phrasesInUse(panel);
  const rows = classRows(panel);
  const heatmap = selectedHeatmap(panel, view);
  const say = (message: FromPanel): void => act({ kind: 'said', message });
  const busy = activity.kind === 'busy';
  const latest = useRef({ model, act });
  latest.current = { model, act };

  const onShortcut = useCallback((shortcut: Shortcut) => {
    if (help.current?.open === true) return;
    if (shortcut.kind === 'help') {
      help.current?.showModal();
    } else if (shortcut.kind === 'findClass') {
      picker.current?.focus();
    } else {
      const action = actionFor(shortcut, latest.current.model);
      if (action !== undefined) latest.current.act(action);
    }
  }, []);
  useShortcuts(onShortcut, panel.filmstrip !== undefined);

  const onFailureAction = (action: FailureAction): void => {
    if (action === 'chooseModel') document.getElementById('model')?.focus();
    else if (action === 'chooseMethod') document.getElementById('method')?.focus();
    else say({ kind: action });
  };

  if (picture === undefined || modelId === undefined || method === undefined)
    return <Empty failed={activity} onAction={onFailureAction} />;
  return (
    <div class="panel-page">
      <div class="panel" data-testid="panel">
        <Viewer
          picture={picture}
          method={selectedMethod(panel)}
          window={classified?.window}
          grid={explained?.grid}
          heatmap={heatmap}
          view={view}
          messages={
            <>
              <ActivityBar
                activity={activity}
                whenCancelled="Nothing was changed."
                onCancel={() => say({ kind: 'cancel' })}
                onRetry={() => say({ kind: 'retry' })}
              />
              {activity.kind === 'failed' && (
                <FailureNotice failure={activity.failure} onAction={onFailureAction} />
              )}
            </>
          }
          onView={(change) => act({ kind: 'changedView', change })}
          onSave={(format, classIndex, png) =>
            say({ kind: 'save', format, classIndex, ...(png !== undefined && { png }) })
          }
          onNotify={(message) => say({ kind: 'notify', message })}
        />
        <aside class="side">
          <header class="title">
            <h1 title={picture.fileName}>{picture.fileName}</h1>
            <button
              type="button"
              class="secondary"
              data-testid="compare"
              title="Show the maps of this class by all methods beside each other (C)"
              onClick={() => say(compareMessage(panel, view))}
            >
              Compare
            </button>
            {panel.isPreview !== undefined && (
              <PinButton
                isPreview={panel.isPreview}
                onKeep={(kept) => say({ kind: 'keep', kept })}
              />
            )}
            <HelpButton onOpen={() => help.current?.showModal()} />
          </header>
          <ModelChooser
            models={panel.models}
            chosen={modelId}
            onChoose={(id) => say({ kind: 'chooseModel', modelId: id })}
            onManage={() => say({ kind: 'manageModels' })}
          />
          {opened !== undefined && (
            <PreparedLine
              prepared={opened.prepared}
              assumed={panel.assumed}
              onChange={() => say({ kind: 'showModel' })}
            />
          )}
          <MethodChooser
            methods={panel.methods}
            availability={opened?.availability ?? []}
            chosen={method}
            preset={explained?.preset}
            onChoose={(id) => say({ kind: 'chooseMethod', method: id })}
          />
          {phrases !== undefined && (
            <PhraseField
              phrases={phrases}
              onChange={(typed) => act({ kind: 'changedPhrases', phrases: typed })}
            />
          )}
          {explained !== undefined && (
            <Notices label="Remarks" notices={explained.remarks.map(remarkInPanel)} />
          )}
          <ClassList
            rows={rows}
            selected={selectedRow(panel, view)?.index}
            busy={busy}
            onChoose={(index) => act({ kind: 'choseClass', index })}
          />
          <ContrastField
            rows={rows}
            selected={selectedRow(panel, view)?.index}
            against={selectedContrast(panel, view)}
            tellsClasses={selectedMethod(panel)?.classSpecific !== false}
            onChoose={(index, against) =>
              say({ kind: 'contrast', index, ...(against !== undefined && { against }) })
            }
          />
          {phrases === undefined && !listsAll(panel) && (
            <ClassPicker
              kind={rows[0]?.value === undefined ? 'class' : 'value'}
              labels={opened?.labels ?? []}
              disabled={classified === undefined}
              inputRef={picker}
              onChoose={(index) => act({ kind: 'choseClass', index })}
            />
          )}
          {levels !== undefined && (
            <LevelsControl
              levels={levels}
              isChosen={panel.chosenWindow !== undefined}
              keeps={opened?.keepsWindow === true}
              busy={busy}
              onChoose={(window) => say({ kind: 'useWindow', window })}
              onKeep={(window) => say({ kind: 'keepWindow', window })}
              onReset={() => say({ kind: 'useWindow' })}
            />
          )}
          {explained !== undefined && (
            <>
              <StabilityFigure
                stability={explained.stability}
                disabled={busy}
                onMeasure={() => say({ kind: 'measureStability' })}
              />
              {heatmap !== undefined && (
                <FaithfulnessView
                  faithfulness={measuredOf(panel, heatmap)}
                  label={heatmap.label}
                  againstLabel={heatmap.againstLabel}
                  givesValues={explained.output === 'value'}
                  picture={picture}
                  window={explained.window}
                  grid={explained.grid}
                  disabled={busy}
                  onMeasure={() => say(measuringOf(heatmap))}
                />
              )}
              <Notices notices={explained.notices} />
              <p class="quiet" data-testid="time">
                {`${explained.grid[0]} × ${explained.grid[1]} patches, explained in ${formatDuration(explained.milliseconds.total)}.`}
              </p>
            </>
          )}
        </aside>
        <HelpDialog dialogRef={help} keys={shortcutHelp} />
      </div>
      {panel.filmstrip && <FilmstripBar filmstrip={panel.filmstrip} act={act} />}
    </div>
  );
}

/** What a key does to the panel; undefined where there is nothing for it to do. */
function actionFor(shortcut: Shortcut, { copy, view }: PageModel): PageAction | undefined {
  switch (shortcut.kind) {
    case 'original':
      return { kind: 'changedView', change: { showOriginal: !view.showOriginal } };
    case 'drawing':
      return {
        kind: 'changedView',
        change: { drawing: nextDrawing(view, selectedMethod(copy.now)) },
      };
    case 'evidence':
      if (selectedMethod(copy.now)?.signed !== true) return undefined;
      return { kind: 'changedView', change: { evidence: otherEvidence(view.evidence) } };
    case 'otsu':
      return { kind: 'changedView', change: { otsu: !view.otsu } };
    case 'opacity': {
      const opacity = Math.min(1, Math.max(0, view.opacity + shortcut.by));
      return { kind: 'changedView', change: { opacity: Math.round(opacity * 100) / 100 } };
    }
    case 'zoom':
      return { kind: 'changedView', change: { zoom: zoomStepped(view.zoom, shortcut.by) } };
    case 'class': {
      const row = classRows(copy.now)[shortcut.position];
      return row === undefined ? undefined : { kind: 'choseClass', index: row.index };
    }
    case 'cancel':
      return { kind: 'said', message: { kind: 'cancel' } };
    case 'measureFaithfulness': {
      const heatmap = selectedHeatmap(copy.now, view);
      const isIdle = copy.now.activity.kind !== 'busy';
      if (heatmap === undefined || !isIdle || measuredOf(copy.now, heatmap)) return undefined;
      return { kind: 'said', message: measuringOf(heatmap) };
    }
    case 'walk':
      return { kind: 'walked', to: shortcut.to };
    case 'compare':
      return { kind: 'said', message: compareMessage(copy.now, view) };
    case 'help':
    case 'findClass':
      return undefined;
  }
}

/** Asks how faithful a map is. */
function measuringOf({ index, against }: Heatmap): FromPanel {
  return { kind: 'measureFaithfulness', index, ...(against !== undefined && { against }) };
}

/** The maps of the class that is looked at. */
function compareMessage(panel: PanelState, view: ViewState): FromPanel {
  const index = selectedRow(panel, view)?.index;
  return { kind: 'compare', ...(index !== undefined && { classIndex: index }) };
}

interface EmptyProps {
  readonly failed: PanelState['activity'];
  readonly onAction: (action: FailureAction) => void;
}

/** Before any picture is known. */
function Empty({ failed, onAction }: EmptyProps) {
  return (
    <div class="empty" data-testid="empty">
      {failed.kind === 'failed' ? (
        <FailureNotice failure={failed.failure} onAction={onAction} />
      ) : (
        <>
          <PictureIcon />
          <p>Waiting for the picture.</p>
          <p class="quiet">
            If none appears: right-click an image in the Explorer and choose “Explain Image with
            ViT”.
          </p>
        </>
      )}
    </div>
  );
}
