/** What the model answered, and which of it is looked at. */
import type { RefObject } from 'preact';
import { useRef } from 'preact/hooks';
import { datasetClassesInWords, usableClasses } from '../../shared/among';
import { readClassList } from '../../shared/class-list';
import { amongClasses, amongWords } from '../../shared/panel/among-classes';
import { phrasesInUse, wayOf, type PanelState } from '../../shared/panel/panel-model';
import {
  classRows,
  listsAll,
  selectedContrast,
  selectedMethod,
  selectedRow,
  unknownLabel,
} from '../class-rows';
import { followMessage } from '../panel-actions';
import type { PageAction } from '../panel-state';
import { AmongField } from './among-field';
import { ClassList } from './class-list';
import { ClassPicker } from './class-picker';
import { ContrastField } from './contrast-field';
import { knownElsewhere, StarterNote } from './starter-note';

interface Props {
  readonly panel: PanelState;
  readonly picker: RefObject<HTMLInputElement>;
  readonly act: (action: PageAction) => void;
}

export function Answers({ panel, picker, act }: Props) {
  const { classified, opened, activity, models, modelId } = panel;
  const isStarter = models.some(({ id, source }) => id === modelId && source === 'shipped');
  const rows = classRows(panel);
  const selected = selectedRow(panel)?.index;
  // While the next answer is awaited, as it was: a field that comes and goes takes the focus with it.
  const isAllListed = useRef(false);
  const isChoice = useRef(false);
  const labels = opened?.labels ?? [];
  if (classified !== undefined) {
    isAllListed.current = listsAll(panel);
    const isOfMany = labels.length === 0 ? rows.length > 2 : labels.length > 2;
    isChoice.current =
      isOfMany && phrasesInUse(panel) === undefined && rows[0]?.value === undefined;
  }
  return (
    <div class="answers">
      {isChoice.current && (
        <AmongField
          choice={panel.among}
          all={labels.length === 0 ? undefined : labels.length}
          ofDataset={datasetClassesInWords(panel.datasetClasses.length)}
          problems={amongClasses(panel).problems}
          check={(text) => usableClasses(readClassList(text, labels), labels).problems}
          onChoose={(among) => act({ kind: 'said', message: { kind: 'useAmong', among } })}
        />
      )}
      <ClassList
        rows={rows}
        selected={selected}
        among={amongWords(panel)}
        unknownLabel={unknownLabel(panel)}
        follows={wayOf(panel) && panel.chosenClass !== undefined}
        busy={activity.kind === 'busy'}
        onFollow={() => act({ kind: 'said', message: followMessage(panel) })}
        onChoose={(index) => act({ kind: 'choseClass', index })}
      />
      {isStarter && opened !== undefined && (
        <StarterNote
          classes={opened.labels.length}
          models={models}
          onChoose={(id) => act({ kind: 'said', message: { kind: 'chooseModel', modelId: id } })}
        />
      )}
      <ContrastField
        rows={rows}
        selected={selected}
        against={selectedContrast(panel)}
        tellsClasses={selectedMethod(panel)?.classSpecific !== false}
        onChoose={(index, against) => {
          const contrast = { index, ...(against !== undefined && { against }) };
          act({ kind: 'said', message: { kind: 'contrast', ...contrast } });
        }}
      />
      {phrasesInUse(panel) === undefined && !isAllListed.current && (
        <ClassPicker
          kind={rows[0]?.value === undefined ? 'class' : 'value'}
          labels={labels}
          elsewhere={isStarter ? knownElsewhere : ''}
          inputRef={picker}
          onChoose={(index) => act({ kind: 'choseClass', index })}
        />
      )}
    </div>
  );
}
