/** One map of a comparison with what is said of it, or why there is none. */
import { useMemo } from 'preact/hooks';
import { agreementOf, formatAgreement } from '../../shared/compare/agreement';
import type { CellAddress } from '../../shared/compare/comparison';
import type { Cell, ComparedPicture } from '../../shared/compare/comparison-state';
import { isWholePicture, summariseEvidence } from '../../shared/evidence-summary';
import type { MethodInfo } from '../../shared/explanation';
import { formatFigure, formatShare, formatStrength } from '../../shared/format-number';
import { range } from '../../shared/upsample';
import { CellPicture } from './cell-picture';
import type { ComparisonView } from './comparison-page';
import { cellUnder, type SharedPointer } from './shared-pointer';
import { mapOf, shownCell, styleFor, type MapOutcome } from './shown-cell';

/** The map beside or above. */
export interface Neighbour {
  readonly name: string;
  readonly picture: string;
  readonly map: MapOutcome;
}

interface Props {
  readonly id: string;
  /** What a screen reader calls it. */
  readonly name: string;
  /** Over the map, where no row and column say it. */
  readonly heading: string | undefined;
  readonly address: CellAddress;
  readonly cell: Cell | undefined;
  readonly left: Neighbour | undefined;
  readonly above: Neighbour | undefined;
  readonly method: MethodInfo | undefined;
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
  const { id, name, heading, address, cell, method, picture, view, isCurrent } = props;
  const { pointer, onFocus, onMark, onOpen } = props;
  const map = mapOf(cell);
  const style = useMemo(() => styleFor(method, view.look), [method, view.look]);
  const shown = useMemo(() => map && shownCell(map, style), [map, style]);
  const agreements = useAgreements(map, address.pictures, props.left, props.above);
  const mark = view.marked.indexOf(id);
  const summary = map === undefined ? reasonOf(cell, props.busy) : summaryOf(map, method);
  const said = [name, map && answerOf(map), ...agreements.map(({ words }) => words), summary];
  return (
    <div
      class="map-cell"
      data-testid="cell"
      data-key={id}
      data-kind={cell?.outcome.kind ?? 'waiting'}
      role="gridcell"
      tabIndex={isCurrent ? 0 : -1}
      aria-label={said.filter(Boolean).join('. ')}
      aria-selected={mark >= 0}
      onFocus={onFocus}
    >
      {heading !== undefined && <p class="cell-heading">{heading}</p>}
      {shown !== undefined && picture !== undefined ? (
        <CellPicture
          shown={shown}
          picture={picture}
          view={view}
          pointer={pointer}
          onPointer={props.onPointer}
        />
      ) : (
        <p class="cell-reason" data-testid="cell-reason">
          {summary}
        </p>
      )}
      {map !== undefined && (
        <>
          <p class="cell-answer">{answerOf(map)}</p>
          <p class="cell-figures quiet">
            {agreements.map(({ sign, title }) => (
              <span key={title} class="agreement" data-testid="agreement" title={title}>
                {sign}
              </span>
            ))}
            <span class="cell-value" data-testid="cell-value">
              {pointer === undefined ? '' : valueUnder(pointer, address.pictures, map)}
            </span>
          </p>
          <div class="cell-buttons">
            <button
              type="button"
              class="plain"
              data-testid="mark"
              tabIndex={isCurrent ? 0 : -1}
              aria-pressed={mark >= 0}
              aria-label={`Hold ${name} against another map`}
              title="Hold this map against another one (M)"
              onClick={onMark}
            >
              {mark < 0 ? 'Mark' : `Marked ${'AB'[mark] ?? ''}`}
            </button>
            <button
              type="button"
              class="plain"
              data-testid="open-panel"
              tabIndex={isCurrent ? 0 : -1}
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

function useAgreements(
  map: MapOutcome | undefined,
  picture: string,
  left: Neighbour | undefined,
  above: Neighbour | undefined,
) {
  return useMemo(() => {
    if (map === undefined) return [];
    const places = [
      ['←', left],
      ['↑', above],
    ] as const;
    return places.flatMap(([arrow, neighbour]) => {
      if (neighbour === undefined) return [];
      const figure = formatAgreement(
        agreementOf(placed(map, picture), placed(neighbour.map, neighbour.picture)),
      );
      const words = `Agrees by ${figure} with ${neighbour.name}`;
      return [{ sign: `${arrow} ${figure}`, words, title: `${words} (Spearman’s correlation)` }];
    });
  }, [map, picture, left?.map, left?.name, above?.map, above?.name]);
}

function placed({ heatmap: { values, shape }, grid, window }: MapOutcome, picture: string) {
  return { values, shape, grid, window, picture };
}

function answerOf({ heatmap, score }: MapOutcome): string {
  return score === undefined ? heatmap.label : `${heatmap.label} ${formatStrength(score)}`;
}

function summaryOf({ heatmap, window }: MapOutcome, method: MethodInfo | undefined): string {
  return summariseEvidence(heatmap, {
    classSpecific: method?.classSpecific !== false,
    signed: method?.signed === true,
    wholePicture: isWholePicture(window),
  });
}

function reasonOf(cell: Cell | undefined, busy: boolean): string {
  if (cell !== undefined && cell.outcome.kind !== 'map') return cell.outcome.reason;
  return busy ? 'On its way…' : 'Not asked for yet.';
}

function valueUnder(pointer: SharedPointer, picture: string, { heatmap, window }: MapOutcome) {
  const { values, shape } = heatmap;
  const cell = cellUnder(pointer, picture, window, shape);
  if (cell === undefined) return 'not seen';
  const value = values[cell.row * shape[1] + cell.column] ?? 0;
  const strongest = Math.max(...range(values).map(Math.abs));
  const share = strongest === 0 ? '' : ` (${formatShare(Math.abs(value) / strongest)})`;
  return `${formatFigure(value)}${share}`;
}
