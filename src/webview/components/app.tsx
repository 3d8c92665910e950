/** The whole panel. */
import { useCallback, useRef } from 'preact/hooks';
import { formatDuration } from '../../shared/format-number';
import type { FromPanel } from '../../shared/panel-protocol';
import { classRows, listsAll, selectedHeatmap, selectedMethod, selectedRow } from '../class-rows';
import type { FailureAction } from '../failure-actions';
import type { PanelAction, PanelModel } from '../panel-state';
import type { Shortcut } from '../shortcuts';
import { useShortcuts } from '../use-shortcuts';
import { zoomStepped } from '../zoom';
import { ActivityBar } from './activity-bar';
import { Assumptions } from './assumptions';
import { ClassList } from './class-list';
import { ClassPicker } from './class-picker';
import { FailureNotice } from './failure-notice';
import { FilmstripBar } from './filmstrip-bar';
import { HelpDialog } from './help-dialog';
import { PictureIcon } from './icons';
import { LevelsControl } from './levels-control';
import { MethodChooser } from './method-chooser';
import { ModelChooser } from './model-chooser';
import { Notices } from './notices';
import { PhraseField } from './phrase-field';
import { StabilityFigure } from './stability-figure';
import { Viewer } from './viewer';

interface Props {
  readonly model: PanelModel;
  readonly act: (action: PanelAction) => void;
  readonly post: (message: FromPanel) => void;
}

export function App({ model, act, post }: Props) {
  const help = useRef<HTMLDialogElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const { subject, activity, classified, explained, view } = model;
  const rows = classRows(model);
  const heatmap = selectedHeatmap(model);
  const busy = activity.kind === 'busy';
  const { levels, keepsWindow } = model.reading;
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
  useShortcuts(onShortcut, model.filmstrip !== undefined);

  const onFailureAction = (action: FailureAction): void => {
    if (action === 'retry') act({ kind: 'retried' });
    else if (action === 'chooseModel') document.getElementById('model')?.focus();
    else if (action === 'chooseMethod') document.getElementById('method')?.focus();
    else post({ kind: action });
  };

  if (subject === undefined) return <Empty failed={activity} onAction={onFailureAction} />;
  return (
    <div class="panel-page">
      <div class="panel" data-testid="panel">
        <Viewer
          subject={subject}
          method={selectedMethod(model)}
          window={classified?.window}
          heatmap={heatmap}
          view={view}
          messages={
            <>
              <ActivityBar
                activity={activity}
                onCancel={() => act({ kind: 'cancelled' })}
                onRetry={() => act({ kind: 'retried' })}
              />
              {activity.kind === 'failed' && (
                <FailureNotice failure={activity.failure} onAction={onFailureAction} />
              )}
            </>
          }
          onView={(change) => act({ kind: 'changedView', change })}
          onSave={(format, classIndex, png) =>
            post({ kind: 'save', format, classIndex, ...(png !== undefined && { png }) })
          }
          onNotify={(message) => post({ kind: 'notify', message })}
        />
        <aside class="side">
          <header class="title">
            <h1 title={subject.fileName}>{subject.fileName}</h1>
            <button
              type="button"
              class="plain help-button"
              data-testid="help-button"
              aria-label="Keys"
              title="Keys (?)"
              onClick={() => help.current?.showModal()}
            >
              ?
            </button>
          </header>
          <ModelChooser
            models={subject.models}
            chosen={subject.modelId}
            onChoose={(modelId) => act({ kind: 'choseModel', modelId })}
            onManage={() => post({ kind: 'manageModels' })}
          />
          <Assumptions
            assumed={model.assumed}
            onChange={() => post({ kind: 'changeAssumptions' })}
          />
          <MethodChooser
            methods={subject.methods}
            availability={subject.availability ?? []}
            chosen={subject.method}
            preset={explained?.preset}
            onChoose={(method) => act({ kind: 'choseMethod', method })}
          />
          {subject.phrases !== undefined && (
            <PhraseField
              phrases={subject.phrases}
              onChange={(phrases) => act({ kind: 'changedPhrases', phrases })}
            />
          )}
          {explained !== undefined && <Notices label="Remarks" notices={explained.remarks} />}
          <ClassList
            rows={rows}
            selected={selectedRow(model)?.index}
            busy={busy}
            onChoose={(index) => act({ kind: 'choseClass', index })}
          />
          {subject.phrases === undefined && !listsAll(model) && (
            <ClassPicker
              kind={rows[0]?.value === undefined ? 'class' : 'value'}
              labels={subject.labels}
              disabled={classified === undefined}
              inputRef={picker}
              onChoose={(index) => act({ kind: 'choseClass', index })}
            />
          )}
          {levels !== undefined && (
            <LevelsControl
              levels={levels}
              isChosen={subject.chosenWindow !== undefined}
              keeps={keepsWindow === true}
              busy={busy}
              onChoose={(window) => act({ kind: 'choseWindow', window })}
              onKeep={(window) => act({ kind: 'keptWindow', window })}
              onReset={() => act({ kind: 'choseWindow', window: undefined })}
            />
          )}
          {explained !== undefined && (
            <>
              <StabilityFigure
                stability={explained.stability}
                disabled={busy}
                onMeasure={() => act({ kind: 'askedForStability' })}
              />
              <Notices notices={explained.notices} />
              <p class="quiet" data-testid="time">
                {`${explained.grid[0]} × ${explained.grid[1]} patches, explained in ${formatDuration(explained.milliseconds)}.`}
              </p>
            </>
          )}
        </aside>
        <HelpDialog dialogRef={help} />
      </div>
      {model.filmstrip && <FilmstripBar filmstrip={model.filmstrip} act={act} />}
    </div>
  );
}

/** What a key does to the panel; undefined where there is nothing for it to do. */
function actionFor(shortcut: Shortcut, model: PanelModel): PanelAction | undefined {
  const { view } = model;
  switch (shortcut.kind) {
    case 'original':
      return { kind: 'changedView', change: { showOriginal: !view.showOriginal } };
    case 'drawing':
      return {
        kind: 'changedView',
        change: { drawing: view.drawing === 'smooth' ? 'patches' : 'smooth' },
      };
    case 'otsu':
      return { kind: 'changedView', change: { otsu: !view.otsu } };
    case 'opacity': {
      const opacity = Math.min(1, Math.max(0, view.opacity + shortcut.by));
      return { kind: 'changedView', change: { opacity: Math.round(opacity * 100) / 100 } };
    }
    case 'zoom':
      return { kind: 'changedView', change: { zoom: zoomStepped(view.zoom, shortcut.by) } };
    case 'class': {
      const row = classRows(model)[shortcut.position];
      return row === undefined ? undefined : { kind: 'choseClass', index: row.index };
    }
    case 'cancel':
      return model.activity.kind === 'busy' ? { kind: 'cancelled' } : undefined;
    case 'walk':
      return { kind: 'walked', to: shortcut.to };
    case 'help':
    case 'findClass':
      return undefined;
  }
}

interface EmptyProps {
  readonly failed: PanelModel['activity'];
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
