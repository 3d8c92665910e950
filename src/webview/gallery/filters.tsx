/** Which samples to see, and in what order. */
import { useMemo } from 'preact/hooks';
import { amongInWords } from '../../shared/among';
import type { SortKey } from '../../shared/gallery/choose-tiles';
import { shortName } from '../../shared/class-name';
import { formatAccuracy } from '../../shared/format-number';
import { cellInWords } from '../../shared/gallery/choice-in-words';
import type { GalleryDataset } from '../../shared/gallery/gallery-state';
import type { GalleryView } from '../../shared/gallery/gallery-view';
import { sortingFigureNames, sortingFigures } from '../../shared/sample-figures';
import { byOtherAnswer, type Tile } from '../../shared/gallery/tile';
import { tilesAccuracy } from '../../shared/gallery/tiles-accuracy';
import { AgainstToggle } from '../components/against-toggle';
import { Select } from '../components/select';

interface Props {
  readonly tiles: readonly Tile[];
  /** Those that pass. */
  readonly chosen: readonly Tile[];
  readonly dataset: GalleryDataset;
  readonly view: GalleryView;
  /** Whether the method tells what speaks against a class, too. */
  readonly signed: boolean;
  readonly onView: (change: Partial<GalleryView>) => void;
  readonly onAnnotations: () => void;
}

const shows = [
  { id: 'all', name: 'All' },
  { id: 'wrong', name: 'Wrong' },
  { id: 'unsure', name: 'Unsure (below 50 %)' },
  { id: 'unreadable', name: 'Not readable' },
] as const;
const valueShows = shows.filter(({ id }) => id === 'all' || id === 'unreadable');

const byConfidence = [
  orderOf('confidence', true, 'Confidence, highest first'),
  orderOf('confidence', false, 'Confidence, lowest first'),
];
/** Of a model that gives values, which are neither right nor sure. */
const byValue = [
  orderOf('confidence', true, 'Value, highest first'),
  orderOf('confidence', false, 'Value, lowest first'),
];

export function Filters(props: Props) {
  const { tiles, chosen, dataset, view, signed, onView, onAnnotations } = props;
  const { classes, annotations } = dataset;
  const givesValues = tiles.some((tile) => tile.ok && tile.value !== undefined);
  const orders = [
    orderOf('name', false, 'Name'),
    ...(givesValues ? byValue : byConfidence),
    ...sortingFigureNames
      .filter((name) =>
        sortingFigures[name].always
          ? !givesValues
          : tiles.some((tile) => tile.ok && tile[name] !== undefined),
      )
      .map((name) => orderOf(name, true, sortingFigures[name].order)),
  ];
  const [accuracy, beside] = useMemo(
    () => [
      tilesAccuracy(chosen, view),
      tilesAccuracy(chosen, view, ({ other }) => other?.truthRank),
    ],
    [chosen, view.show, view.cell],
  );
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
      <Select
        testId="filter-show"
        label="Which samples"
        chosen={view.show}
        offered={givesValues ? valueShows : shows}
        onChoose={({ id }) => onView({ show: id })}
      />
      {(!givesValues || view.classIndex !== undefined) && (
        <Select
          testId="filter-class"
          label="Class, by label or answer"
          chosen={String(view.classIndex ?? '')}
          offered={[
            { id: '', name: 'Any class', index: undefined },
            ...presentClasses(view.among ? tiles.map(byOtherAnswer) : tiles).map((index) => ({
              id: String(index),
              name: shortName(classes, index),
              index,
            })),
          ]}
          onChoose={({ index }) => onView({ classIndex: index })}
        />
      )}
      <Select
        testId="sort"
        label="Order"
        chosen={orderId(view.sort, view.descending)}
        offered={orders}
        onChoose={({ sort, descending }) => onView({ sort, descending })}
      />
      {signed && (
        <AgainstToggle evidence={view.evidence} onChange={(evidence) => onView({ evidence })} />
      )}
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
          aria-label={`Show all again, not only ${cellInWords(view.cell, classes)}`}
          onClick={() => onView({ cell: undefined })}
        >
          {cellInWords(view.cell, classes)} ✕
        </button>
      )}
      <span class="quiet" role="status" data-testid="shown">
        {chosen.length === tiles.length
          ? `${tiles.length} samples`
          : `${chosen.length} of ${tiles.length} samples`}
        {accuracy && (
          <span data-testid="samples-accuracy">
            {`, ${formatAccuracy(accuracy.right / accuracy.labelled)} of ${accuracy.labelled} labelled right`}
            {dataset.among && ` among ${view.among ? amongInWords(dataset.among) : 'all'}`}
          </span>
        )}
        {beside && dataset.among && (
          <span data-testid="samples-accuracy-beside">
            {`, ${formatAccuracy(beside.right / beside.labelled)}${
              beside.labelled === accuracy?.labelled ? '' : ` of ${beside.labelled}`
            } among ${view.among ? 'all' : amongInWords(dataset.among)}`}
          </span>
        )}
      </span>
    </div>
  );
}

function orderOf(sort: SortKey, descending: boolean, name: string) {
  return { id: orderId(sort, descending), sort, descending, name };
}

function orderId(sort: SortKey, descending: boolean): string {
  return `${sort} ${descending}`;
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
