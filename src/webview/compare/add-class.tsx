/** Classes beside the most probable ones: any by name or number, and why one and not another. */
import { useRef, useState } from 'preact/hooks';
import { classKey, classOfKey } from '../../shared/compare/compared-class';
import type { Comparison } from '../../shared/compare/comparison';
import type { ComparisonState } from '../../shared/compare/comparison-state';
import { ClassPicker } from '../components/class-picker';
import { Select } from '../components/select';

interface Props {
  readonly state: ComparisonState;
  readonly asked: Comparison;
  /** @param key by `classKey` */
  readonly onAdd: (key: string) => void;
}

export function AddClass({ state, asked, onAdd }: Props) {
  const picker = useRef<HTMLInputElement>(null);
  const labels = state.opened.find(({ id }) => id === asked.classesOf)?.labels ?? [];
  const offered = knownClasses(state, asked, labels);
  const [one, other] = [offered[0]?.id ?? '', offered[1]?.id ?? ''];
  const [chosen, setChosen] = useState<{ one?: string; against?: string }>({});
  const index = chosen.one ?? one;
  const against = chosen.against ?? (other === index ? one : other);
  return (
    <details class="axis-items" data-testid="add-class">
      <summary>Add a class</summary>
      <div class="axis-list">
        <ClassPicker
          elsewhere=""
          kind="class"
          labels={labels}
          inputRef={picker}
          onChoose={(picked) => onAdd(classKey({ kind: 'named', index: picked }))}
        />
        {offered.length > 1 && (
          <fieldset class="contrast">
            <legend>Why one class and not another</legend>
            <Select
              testId="contrast-one"
              label="This class"
              chosen={index}
              offered={offered}
              onChoose={({ id }) => setChosen({ ...chosen, one: id })}
            />
            <span class="quiet">rather than</span>
            <Select
              testId="contrast-against"
              label="Rather than this class"
              chosen={against}
              offered={offered}
              onChoose={({ id }) => setChosen({ ...chosen, against: id })}
            />
            <button
              type="button"
              class="secondary"
              data-testid="add-contrast"
              disabled={index === against}
              onClick={() =>
                onAdd(
                  classKey({ kind: 'contrast', index: Number(index), against: Number(against) }),
                )
              }
            >
              Add
            </button>
          </fieldset>
        )}
      </div>
    </details>
  );
}

/** Those that stand in the comparison, the model's own answers first. */
function knownClasses(
  state: ComparisonState,
  { classesOf, spread }: Comparison,
  labels: readonly string[],
) {
  const answered = state.cells.flatMap(({ address, outcome }) =>
    outcome.kind === 'map' && address.models === classesOf ? [outcome.heatmap.index] : [],
  );
  const named = spread.classes.flatMap((key) => {
    const compared = classOfKey(key);
    return compared.kind === 'named' ? [compared.index] : [];
  });
  return [...new Set([...answered, ...named])].map((index) => ({
    id: String(index),
    name: labels[index] ?? `class ${index}`,
  }));
}
