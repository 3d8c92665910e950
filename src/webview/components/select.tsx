/** A list of which one item is chosen. */

export interface Offered {
  readonly id: string;
  readonly name: string;
  /** Why it cannot be chosen. */
  readonly reason?: string | undefined;
}

interface Props<Item extends Offered> {
  /** Of the element too where a label names it. */
  readonly id?: string;
  readonly testId: string;
  /** For screen readers, where no label is seen. */
  readonly label?: string;
  /** `id` of the item that is chosen now. */
  readonly chosen: string;
  readonly offered: readonly Item[];
  readonly onChoose: (item: Item) => void;
}

export function Select<Item extends Offered>(props: Props<Item>) {
  const { id, testId, label, chosen, offered, onChoose } = props;
  return (
    <select
      id={id}
      data-testid={testId}
      aria-label={label}
      value={chosen}
      onChange={({ currentTarget: { value } }) => {
        const item = offered.find((one) => one.id === value);
        if (item !== undefined) onChoose(item);
      }}
    >
      {offered.map((item) => (
        <option
          key={item.id}
          value={item.id}
          disabled={item.reason !== undefined}
          title={item.reason}
        >
          {item.name}
        </option>
      ))}
    </select>
  );
}
