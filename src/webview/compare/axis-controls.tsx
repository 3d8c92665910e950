/** What is spread over rows and columns, and what the other axes are held at. */
import {
  axes,
  withColumns,
  withRows,
  type Axis,
  type Comparison,
} from '../../shared/compare/comparison';
import type { ComparisonState } from '../../shared/compare/comparison-state';
import type { FromComparison } from '../../shared/protocol/compare';
import { ChoiceField } from '../components/choice-field';
import { ModelSelect } from '../components/model-select';
import { axisNames, itemName } from './axis-words';
import { AddClass } from './add-class';
import { AxisItems } from './axis-items';
import { offeredItems } from './offered-items';

interface Props {
  readonly state: ComparisonState;
  readonly asked: Comparison;
  readonly say: (message: FromComparison) => void;
}

const offeredAxes = axes.map((id) => ({ id, name: axisNames[id].many }));
const offeredRows = [{ id: 'none', name: 'One row' } as const, ...offeredAxes];

export function AxisControls({ state, asked, say }: Props) {
  const { rows, columns, spread, held } = asked;
  const choose = (next: Comparison): void => say({ kind: 'choose', asked: next });
  const spreadAxes = axes.filter((axis) => axis === rows || axis === columns);
  return (
    <div class="axis-controls" role="group" aria-label="What is compared">
      <ChoiceField
        id="columns"
        label="Columns"
        chosen={columns}
        offered={offeredAxes}
        onChoose={({ id }) => choose(withColumns(asked, id))}
      />
      <ChoiceField
        id="rows"
        label="Rows"
        chosen={rows}
        offered={offeredRows}
        onChoose={({ id }) => choose(withRows(asked, id))}
      />
      {spreadAxes.map((axis) => (
        <AxisItems
          key={axis}
          axis={axis}
          state={state}
          asked={asked}
          onChoose={(items) => choose({ ...asked, spread: { ...spread, [axis]: [...items] } })}
          onAddPictures={() => say({ kind: 'addPictures' })}
          onAddModel={() => say({ kind: 'addModel' })}
        />
      ))}
      {axes
        .filter((axis) => !spreadAxes.includes(axis))
        .map((axis) => (
          <HeldItem
            key={axis}
            axis={axis}
            state={state}
            asked={asked}
            onChoose={(item) => choose({ ...asked, held: { ...held, [axis]: item } })}
            onAddModel={() => say({ kind: 'addModel' })}
          />
        ))}
      <AddClass
        state={state}
        asked={asked}
        onAdd={(key) =>
          choose({
            ...asked,
            spread: { ...spread, classes: [...new Set([...spread.classes, key])] },
            held: { ...held, classes: key },
          })
        }
      />
    </div>
  );
}

interface HeldProps extends Omit<Props, 'say'> {
  readonly axis: Axis;
  readonly onChoose: (item: string) => void;
  readonly onAddModel: () => void;
}

function HeldItem({ axis, state, asked, onChoose, onAddModel }: HeldProps) {
  if (axis === 'models') {
    return (
      <div class="control">
        <label for="held-models">{axisNames[axis].one}</label>
        <ModelSelect
          id="held-models"
          models={state.models}
          chosen={asked.held[axis]}
          onChoose={onChoose}
          onBrowse={onAddModel}
        />
      </div>
    );
  }
  const items = offeredItems(state, asked, axis);
  return (
    <ChoiceField
      id={`held-${axis}`}
      label={axisNames[axis].one}
      chosen={asked.held[axis]}
      offered={items.map((id) => ({ id, name: itemName(state, axis, id) }))}
      onChoose={({ id }) => onChoose(id)}
    />
  );
}
