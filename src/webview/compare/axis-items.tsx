/** Which methods, classes, models or pictures stand on an axis. */
import type { Axis, Comparison } from '../../shared/compare/comparison';
import type { ComparisonState } from '../../shared/compare/comparison-state';
import { axisNames, itemName } from './axis-words';
import { offeredItems } from './offered-items';

interface Props {
  readonly axis: Axis;
  readonly state: ComparisonState;
  readonly asked: Comparison;
  readonly onChoose: (items: readonly string[]) => void;
  readonly onAddPictures: () => void;
  readonly onAddModel: () => void;
}

export function AxisItems({ axis, state, asked, onChoose, onAddPictures, onAddModel }: Props) {
  const offered = offeredItems(state, asked, axis);
  const chosen: readonly string[] = asked.spread[axis];
  const { many } = axisNames[axis];
  const set = (item: string, isChosen: boolean): void =>
    onChoose(offered.filter((one) => (one === item ? isChosen : chosen.includes(one))));
  return (
    <details class="axis-items" data-testid={`items-${axis}`}>
      <summary>{`${many}: ${chosen.length} of ${offered.length}`}</summary>
      <fieldset class="axis-list">
        <legend>{many}</legend>
        {offered.map((item) => (
          <label key={item} class="axis-item">
            <input
              type="checkbox"
              value={item}
              checked={chosen.includes(item)}
              // Something always stands there.
              disabled={chosen.length === 1 && chosen.includes(item)}
              onChange={({ currentTarget }) => set(item, currentTarget.checked)}
            />
            <span>{itemName(state, axis, item)}</span>
          </label>
        ))}
        {axis === 'pictures' && (
          <button
            type="button"
            class="secondary"
            data-testid="add-pictures"
            onClick={onAddPictures}
          >
            Add pictures…
          </button>
        )}
        {axis === 'models' && (
          <button type="button" class="secondary" data-testid="add-model" onClick={onAddModel}>
            A model file…
          </button>
        )}
      </fieldset>
    </details>
  );
}
