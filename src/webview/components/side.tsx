/** What stands beside the picture: what is asked, what came out, and how far that holds. */
import type { ComponentChildren } from 'preact';
import { formatDuration } from '../../shared/format-number';
import type { Looks } from '../../shared/panel/looks';
import { measuredOf } from '../../shared/panel/measured';
import { phrasesInUse, type DrawnPicture, type PanelState } from '../../shared/panel/panel-model';
import { remarkInPanel } from '../../shared/picture-remark';
import type { FromPanel } from '../../shared/protocol/panel';
import { selectedHeatmap } from '../class-rows';
import { compareMessage, measuringOf } from '../panel-actions';
import { FaithfulnessView } from './faithfulness-view';
import { HelpButton } from './help-button';
import { LevelsControl } from './levels-control';
import { MethodChooser } from './method-chooser';
import { ModelChooser } from './model-chooser';
import { Notices } from './notices';
import { PhraseField } from './phrase-field';
import { PinButton } from './pin-button';
import { PreparedLine } from './prepared-line';
import { StabilityFigure } from './stability-figure';

interface Props {
  readonly panel: PanelState;
  readonly picture: DrawnPicture;
  readonly looks: Looks;
  readonly say: (message: FromPanel) => void;
  readonly onPhrases: (phrases: readonly string[]) => void;
  readonly onHelp: () => void;
  /** How the picture is changed, where that stands here. */
  readonly changed: ComponentChildren;
  /** The answers, where they stand here. */
  readonly children: ComponentChildren;
}

export function Side(props: Props) {
  const { panel, picture, looks, say, onPhrases, onHelp, children } = props;
  const { modelId, method, activity, opened, explained, levels } = panel;
  const phrases = phrasesInUse(panel);
  const heatmap = selectedHeatmap(panel);
  const busy = activity.kind === 'busy';
  return (
    <aside class="side">
      <header class="title">
        <div class="named" title={[picture.fileName, picture.place].join('\n').trim()}>
          <h1>{picture.fileName}</h1>
          {picture.place !== '' && (
            <p class="quiet" data-testid="place">
              {picture.place}
            </p>
          )}
        </div>
        <button
          type="button"
          class="secondary"
          data-testid="compare"
          title="Show the maps of this class by all methods beside each other (C)"
          onClick={() => say(compareMessage(panel, looks))}
        >
          Compare
        </button>
        {panel.isPreview !== undefined && (
          <PinButton isPreview={panel.isPreview} onKeep={(kept) => say({ kind: 'keep', kept })} />
        )}
        <HelpButton onOpen={onHelp} />
      </header>
      {props.changed}
      <ModelChooser
        models={panel.models}
        chosen={modelId ?? ''}
        isSetting={panel.modelIsSetting}
        onChoose={(id) => say({ kind: 'chooseModel', modelId: id })}
        onBrowse={() => say({ kind: 'browseModel' })}
        onUseForAll={() => say({ kind: 'useForAll' })}
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
        chosen={method ?? ''}
        preset={explained?.preset}
        onChoose={(id) => say({ kind: 'chooseMethod', method: id })}
      />
      {phrases !== undefined && <PhraseField phrases={phrases} onChange={onPhrases} />}
      {explained !== undefined && (
        <Notices label="Remarks" notices={explained.remarks.map(remarkInPanel)} />
      )}
      {children}
      {levels !== undefined && (
        <LevelsControl
          levels={levels}
          isChosen={panel.chosenWindow !== undefined}
          keeps={opened?.keepsWindow === true}
          busy={busy}
          onChoose={(window) => say({ kind: 'useWindow', uri: picture.uri, window })}
          onKeep={(window) => say({ kind: 'keepWindow', window })}
          onReset={() => say({ kind: 'useWindow', uri: picture.uri })}
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
  );
}
