/** Which samples to see, and in what order. */
import type { SortKey } from '../../shared/gallery/choose-tiles';
import { shortName } from '../../shared/class-name';
import type { GalleryView } from '../../shared/gallery/gallery-view';
import { sortingFigureNames, sortingFigures } from '../../shared/sample-figures';
import type { Tile } from '../../shared/gallery/tile';

interface Props {
  readonly tiles: readonly Tile[];
  readonly shown: number;
  readonly classes: readonly string[];
  readonly view: GalleryView;
  /** Where boxes or masks are read from, where the person said so. */
  readonly annotations: string | undefined;
  readonly onView: (change: Partial<GalleryView>) => void;
  readonly onAnnotations: () => void;
}

const shows: readonly (readonly [GalleryView['show'], string])[] = [
  ['all', 'All'],
  ['wrong', 'Wrong'],
  ['unsure', 'Unsure (below 50 %)'],
  ['unreadable', 'Not readable'],
];
const valueShows = shows.filter(([show]) => show === 'all' || show === 'unreadable');

type Order = readonly [sort: SortKey, descending: boolean, name: string];

const byName: Order = ['name', false, 'Name'];
const byConfidence: readonly Order[] = [
  ['confidence', true, 'Confidence, highest first'],
  ['confidence', false, 'Confidence, lowest first'],
];
/** Of a model that gives values, which are neither right nor sure. */
const byValue: readonly Order[] = [
  ['confidence', true, 'Value, highest first'],
  ['confidence', false, 'Value, lowest first'],
];

export function Filters(props: Props) {
  const { tiles, shown, classes, view, annotations, onView, onAnnotations } = props;
  const sort = `${view.sort} ${view.descending}`;
  const givesValues = tiles.some((tile) => tile.ok && tile.value !== undefined);
  const offered = [
    byName,
    ...(givesValues ? byValue : byConfidence),
    ...sortingFigureNames
      .filter((name) =>
        sortingFigures[name].always
          ? !givesValues
          : tiles.some((tile) => tile.ok && tile[name] !== undefined),
      )
      .map((name): Order => [name, true, sortingFigures[name].order]),
  ];
  const textName = givesValues ? 'Name or label' : 'Name, label or class';
  return (
    <div class="filters" role="search" aria-label="Samples">
      <input
        type="text"
        data-testid="filter-text"
        aria-label={textName}
        placeholder={textName}
        value={view.text}
        onInput={(event) => onView({ text: event.currentTarget.value })}
      />
      <select
        data-testid="filter-show"
        aria-label="Which samples"
        value={view.show}
        onChange={({ currentTarget: { value } }) => {
          const chosen = shows.find(([show]) => show === value);
          if (chosen) onView({ show: chosen[0] });
        }}
      >
        {(givesValues ? valueShows : shows).map(([show, name]) => (
          <option key={show} value={show}>
            {name}
          </option>
        ))}
      </select>
      {(!givesValues || view.classIndex !== undefined) && (
        <ClassFilter tiles={tiles} classes={classes} chosen={view.classIndex} onView={onView} />
      )}
      <select
        data-testid="sort"
        aria-label="Order"
        value={sort}
        onChange={({ currentTarget: { value } }) => {
          const chosen = offered.find(([key, descending]) => `${key} ${descending}` === value);
          if (chosen) onView({ sort: chosen[0], descending: chosen[1] });
        }}
      >
        {offered.map(([key, descending, name]) => (
          <option key={name} value={`${key} ${descending}`}>
            {name}
          </option>
        ))}
      </select>
      <button
        type="button"
        class="plain"
        data-testid="annotations"
        title={
          annotations === undefined
            ? 'Boxes or masks of the objects, to tell how much evidence lies outside of them'
            : `Boxes or masks from ${annotations}`
        }
        onClick={onAnnotations}
      >
        Annotations…
      </button>
      {view.cell && (
        <button
          type="button"
          class="plain"
          data-testid="cell-filter"
          aria-label={`Show all again, not only ${cellName(view.cell, classes)}`}
          onClick={() => onView({ cell: undefined })}
        >
          {cellName(view.cell, classes)} ✕
        </button>
      )}
      <span class="quiet" role="status" data-testid="shown">
        {shown === tiles.length ? `${shown} samples` : `${shown} of ${tiles.length} samples`}
      </span>
    </div>
  );
}

interface ClassFilterProps extends Pick<Props, 'tiles' | 'classes' | 'onView'> {
  readonly chosen: number | undefined;
}

function ClassFilter({ tiles, classes, chosen, onView }: ClassFilterProps) {
  return (
    <select
      data-testid="filter-class"
      aria-label="Class, by label or answer"
      value={chosen ?? ''}
      onChange={({ currentTarget: { value } }) =>
        onView({ classIndex: value === '' ? undefined : Number(value) })
      }
    >
      <option value="">Any class</option>
      {presentClasses(tiles).map((index) => (
        <option key={index} value={index}>
          {shortName(classes, index)}
        </option>
      ))}
    </select>
  );
}

function cellName(
  { truth, answer }: NonNullable<GalleryView['cell']>,
  classes: readonly string[],
): string {
  const [is, says] = [shortName(classes, truth), shortName(classes, answer)];
  return truth === answer ? `${is}, right` : `${is} taken for ${says}`;
}

function presentClasses(tiles: readonly Tile[]): number[] {
  const present = new Set<number>();
  for (const tile of tiles) {
    if (!tile.ok) continue;
    present.add(tile.answer);
    if (tile.truth !== undefined) present.add(tile.truth);
  }
  return [...present].sort((a, b) => a - b);
}
