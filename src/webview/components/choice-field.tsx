/** A list of which one item is chosen, with its label before it. */
import { Select, type Offered } from './select';

interface Props<Item extends Offered> {
  /** Of the list in the page, and for tests. */
  readonly id: string;
  readonly label: string;
  readonly chosen: string;
  readonly offered: readonly Item[];
  readonly onChoose: (item: Item) => void;
}

export function ChoiceField<Item extends Offered>({ id, label, ...list }: Props<Item>) {
  return (
    <div class="control">
      <label for={id}>{label}</label>
      <Select id={id} testId={id} {...list} />
    </div>
  );
}
