/** What all maps have under the pointer, read out where the keys moved it. */
import { cellUnder, type SharedPointer } from './shared-pointer';
import { valueUnder } from './cell-words';
import type { Neighbour } from './cell-words';

interface Props {
  readonly pointer: SharedPointer | undefined;
  readonly maps: readonly Neighbour[];
}

/** A screen reader hears the first few; the others are read in their cells. */
const saidMaps = 6;

export function PointerWords({ pointer, maps }: Props) {
  return (
    <p class="only-said" data-testid="pointer-words" role="status">
      {pointer?.by === 'key' ? words(pointer, maps) : ''}
    </p>
  );
}

function words(pointer: SharedPointer, maps: readonly Neighbour[]): string {
  const place = maps.flatMap(({ cell: { picture, window, shown } }) => {
    const patch = cellUnder(pointer, picture, window, shown.shape);
    const [rows, columns] = shown.shape;
    return patch === undefined
      ? []
      : [`Row ${patch.row + 1} of ${rows}, column ${patch.column + 1} of ${columns}`];
  });
  const values = maps
    .slice(0, saidMaps)
    .map(({ name, cell }) => `${name} ${valueUnder(pointer, cell)}`);
  const others = maps.length > saidMaps ? `, and ${maps.length - saidMaps} more` : '';
  return `${place[0] ?? ''}: ${values.join(', ')}${others}`;
}
