/** The whole panel. */
import { useCallback, useRef } from 'preact/hooks';
import { wayOf, type PanelState } from '../../shared/panel/panel-model';
import type { PictureChange } from '../../shared/picture-change';
import type { FromPanel } from '../../shared/protocol/panel';
import { selectedHeatmap, selectedMethod } from '../class-rows';
import type { FailureAction } from '../failure-actions';
import { actionFor } from '../panel-actions';
import type { PageAction, PageModel } from '../panel-state';
import { shortcutHelp, type Shortcut } from '../shortcuts';
import { useMedia } from '../use-media';
import { useMarking } from '../use-marking';
import { useShortcuts } from '../use-shortcuts';
import { ActivityBar } from './activity-bar';
import { Answers } from './answers';
import { ChangeControls } from './change-controls';
import { ChangedLine } from './changed-line';
import { FailureNotice } from './failure-notice';
import { FilmstripBar } from './filmstrip-bar';
import { FolderBar } from './folder-bar';
import { HelpDialog } from './help-dialog';
import { PictureIcon } from './icons';
import { Side } from './side';
import { Viewer } from './viewer';

/** As the style sheets have it: then all stands below each other, the answers right below the picture. */
const narrow = '(max-width: 599px)';

interface Props {
  readonly model: PageModel;
  readonly act: (action: PageAction) => void;
}

export function App({ model, act }: Props) {
  const help = useRef<HTMLDialogElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const { copy, view } = model;
  const panel = copy.now;
  const { picture, activity, classified, explained } = panel;
  const isNarrow = useMedia(narrow);
  const say = (message: FromPanel): void => act({ kind: 'said', message });
  const onChange = (change: PictureChange | undefined): void => {
    if (picture !== undefined) say({ kind: 'changePicture', uri: picture.uri, change });
  };
  const marker = useMarking(panel, view.coverFill, onChange);
  const latest = useRef({ model, act, marker });
  latest.current = { model, act, marker };

  const onShortcut = useCallback((shortcut: Shortcut) => {
    if (help.current?.open === true) return;
    if (shortcut.kind === 'help') {
      help.current?.showModal();
    } else if (shortcut.kind === 'cover') {
      latest.current.marker.begin('cover');
    } else if (shortcut.kind === 'cancel' && latest.current.marker.marking !== undefined) {
      latest.current.marker.end();
    } else if (shortcut.kind === 'findClass') {
      picker.current?.focus();
    } else {
      const action = actionFor(shortcut, latest.current.model);
      if (action !== undefined) latest.current.act(action);
    }
  }, []);
  const way = wayOf(panel);
  useShortcuts(onShortcut, way !== undefined);

  const onFailureAction = (action: FailureAction): void => {
    if (action === 'chooseModel') document.getElementById('model')?.focus();
    else if (action === 'chooseMethod') document.getElementById('method')?.focus();
    else say({ kind: action });
  };

  const bar = panel.filmstrip ? (
    <FilmstripBar filmstrip={panel.filmstrip} act={act} />
  ) : (
    way && <FolderBar folder={way} act={act} />
  );
  if (picture === undefined) {
    return (
      <div class="panel-page">
        <Empty failed={activity} onAction={onFailureAction} />
        {bar}
      </div>
    );
  }
  const answers = <Answers panel={panel} picker={picker} act={act} />;
  const changed = (
    <ChangedLine
      change={panel.change}
      onChange={onChange}
      onMoveWindow={() => marker.begin('window')}
    />
  );
  return (
    <div class="panel-page">
      <div class="panel" data-testid="panel">
        <Viewer
          picture={picture}
          method={selectedMethod(panel)}
          window={classified?.window}
          grid={explained?.grid}
          heatmap={selectedHeatmap(panel)}
          view={view}
          marker={marker}
          changing={
            <ChangeControls
              change={panel.change}
              fill={view.coverFill}
              marker={marker}
              onFill={(coverFill) => act({ kind: 'changedView', change: { coverFill } })}
              onChange={onChange}
            />
          }
          messages={
            <>
              <ActivityBar
                activity={activity}
                whenCancelled="What is in sight was answered before."
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
          onReveal={() => say({ kind: 'reveal' })}
        >
          {isNarrow && changed}
          {isNarrow && answers}
        </Viewer>
        <Side
          panel={panel}
          picture={picture}
          looks={view}
          say={say}
          changed={!isNarrow && changed}
          onPhrases={(phrases) => act({ kind: 'changedPhrases', phrases })}
          onHelp={() => help.current?.showModal()}
        >
          {!isNarrow && answers}
        </Side>
        <HelpDialog dialogRef={help} keys={shortcutHelp} />
      </div>
      {bar}
    </div>
  );
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
