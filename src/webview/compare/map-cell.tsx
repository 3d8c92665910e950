/** One map of a comparison with what is said of it, or why there is none. */
import { useMemo } from 'preact/hooks';
import type { Cell, ComparedPicture } from '../../shared/compare/comparison-state';
import { CellPicture } from './cell-picture';
import { agreementsOf, answerOf, summaryOf, valueUnder, type Neighbour } from './cell-words';
import type { ComparisonView } from './comparison-page';
import type { SharedPointer } from './shared-pointer';
import { styleOf, type ShownCell } from './shown-cell';

interface Props {
  readonly id: string;
  /** What a screen reader calls it. */
  readonly name: string;
  /** Over the map, where no row and column say it. */
  readonly heading: string | undefined;
  readonly cell: Cell | undefined;
  readonly shown: ShownCell | undefined;
  readonly left: Neighbour | undefined;
  readonly above: Neighbour | undefined;
  readonly picture: ComparedPicture | undefined;
  readonly busy: boolean;
  readonly view: ComparisonView;
  readonly pointer: SharedPointer | undefined;
  readonly isCurrent: boolean;
  readonly onFocus: () => void;
  readonly onPointer: (pointer: SharedPointer | undefined) => void;
  readonly onMark: () => void;
  readonly onOpen: () => void;
}

export function MapCell(props: Props) {
  const { id, name, heading, cell, shown, picture, busy, view, isCurrent } = props;
  const { left, above, pointer, onPointer, onFocus, onMark, onOpen } = props;
  const agreements = useMemo(
    () => (shown === undefined ? [] : agreementsOf(shown, left, above)),
    [shown, left?.cell, left?.name, above?.cell, above?.name],
  );
  const mark = view.marked.indexOf(id);
  const summary = shown === undefined ? reasonOf(cell, busy) : summaryOf(shown);
  const answer = shown === undefined ? '' : answerOf(shown);
  const markWord = mark < 0 ? 'Mark' : `Marked ${'AB'.charAt(mark)}`;
  const tabIndex = isCurrent ? 0 : -1;
  return (
    <div
      class="map-cell"
      data-testid="cell"
      data-key={id}
      data-name={name}
      data-kind={cell?.outcome.kind ?? 'waiting'}
      role="gridcell"
      tabIndex={tabIndex}
      aria-selected={mark >= 0}
      onFocus={onFocus}
    >
      <p class={heading === undefined ? 'only-said' : 'cell-heading'}>{heading ?? name}</p>
      {shown === undefined || picture === undefined ? (
        <p class="cell-reason" data-testid="cell-reason">
          {summary}
        </p>
      ) : (
        <>
          <CellPicture
            shown={shown.shown}
            style={styleOf(shown, view.look)}
            area={shown.window}
            picture={picture}
            view={view}
            pointer={pointer}
            onPointer={onPointer}
          />
          <p class="cell-answer">{answer}</p>
          <p class="only-said">{summary}</p>
          <p class="cell-figures quiet">
            {agreements.map(({ sign, words: title }) => (
              <span key={title} data-testid="agreement" title={`${title} (Spearman’s correlation)`}>
                <span aria-hidden="true">{sign}</span>
                <span class="only-said">{`${title}. `}</span>
              </span>
            ))}
            <span data-testid="cell-value">{pointer && valueUnder(pointer, shown)}</span>
          </p>
          <div class="cell-buttons">
            <button
              type="button"
              class="plain"
              data-testid="mark"
              tabIndex={tabIndex}
              aria-pressed={mark >= 0}
              aria-label={`${markWord} ${name}`}
              title="Hold this map against another one (M)"
              onClick={onMark}
            >
              {markWord}
            </button>
            <button
              type="button"
              class="plain"
              data-testid="open-panel"
              tabIndex={tabIndex}
              aria-label={`Open ${name} in a panel`}
              title="Open in a panel (P)"
              onClick={onOpen}
            >
              Open
            </button>
          </div>
        </>
      )}
    </div>
  );
}

function reasonOf(cell: Cell | undefined, busy: boolean): string {
  if (cell !== undefined && cell.outcome.kind !== 'map') return cell.outcome.reason;
  return busy ? 'On its way…' : 'Not asked for yet.';
}
