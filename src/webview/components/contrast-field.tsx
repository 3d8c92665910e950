/** Why the selected class, and not another of the list. */
import type { ClassRow } from '../class-rows';
import { Select } from './select';

interface Props {
  readonly rows: readonly ClassRow[];
  readonly selected: number | undefined;
  /** The class that it is held against. */
  readonly against: number | undefined;
  /** Whether the method has a map of its own for each class. */
  readonly tellsClasses: boolean;
  readonly onChoose: (index: number, against: number | undefined) => void;
}

const alone = { id: '', name: 'nothing: all evidence for it' };

export function ContrastField({ rows, selected, against, tellsClasses, onChoose }: Props) {
  const others = rows.filter(({ index }) => index !== selected);
  const chosen = rows.find(({ index }) => index === selected);
  if (chosen === undefined || others.length === 0 || !tellsClasses) return null;
  if (chosen.value !== undefined) return null;
  const offered = others.map(({ index, label }) => ({ id: String(index), name: label }));
  return (
    <div class="field">
      <label for="contrast">{`Why ${chosen.label} rather than`}</label>
      <Select
        id="contrast"
        testId="contrast"
        chosen={against === undefined ? alone.id : String(against)}
        offered={[alone, ...offered]}
        onChoose={({ id }) => onChoose(chosen.index, id === '' ? undefined : Number(id))}
      />
    </div>
  );
}
