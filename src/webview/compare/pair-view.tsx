/** Two marked maps held against each other: what one has more than the other, or both over one picture. */
import { useMemo, useState } from 'preact/hooks';
import { agreementOf, formatAgreement } from '../../shared/compare/agreement';
import { mapDifference } from '../../shared/compare/map-difference';
import type { ComparedPicture } from '../../shared/compare/comparison-state';
import { formatShare } from '../../shared/format-number';
import { ColourBar } from '../components/colour-bar';
import { divergingName } from '../view-state';
import { CellPicture } from './cell-picture';
import type { Neighbour } from './cell-words';
import type { ComparisonView } from './comparison-page';
import { PairDescription } from './pair-description';
import type { SharedPointer } from './shared-pointer';
import { placedMap, styleOf, type ShownCell } from './shown-cell';

interface Props {
  readonly one: Neighbour;
  readonly other: Neighbour;
  readonly pictures: readonly [ComparedPicture, ComparedPicture];
  readonly view: ComparisonView;
  readonly pointer: SharedPointer | undefined;
  readonly onPointer: (pointer: SharedPointer | undefined) => void;
  readonly onPairing: (pairing: ComparisonView['pairing']) => void;
  readonly onClose: () => void;
}

const pairings = [
  ['difference', 'Difference', 'What the one has more than the other (D)'],
  ['swipe', 'Swipe', 'The one on the left, the other on the right (W)'],
] as const;

export function PairView(props: Props) {
  const { one, other, view, onPairing, onClose } = props;
  const agreement = useMemo(
    () => agreementOf(placedMap(one.cell), placedMap(other.cell)),
    [one.cell, other.cell],
  );
  return (
    <section class="pair" data-testid="pair" aria-label="Two maps held against each other">
      <div class="pair-words">
        <h2>
          <span>{`A: ${one.name}`}</span> <span>{`B: ${other.name}`}</span>
        </h2>
        <p data-testid="pair-agreement">
          {`They agree by ${formatAgreement(agreement)} (Spearman’s correlation of the patches: 1 is the same order, 0 none in common).`}
        </p>
        <div class="buttons">
          <div class="segments" role="group" aria-label="How they are held against each other">
            {pairings.map(([id, name, title]) => (
              <button
                key={id}
                type="button"
                class="plain"
                data-testid={`pair-${id}`}
                title={title}
                aria-pressed={view.pairing === id}
                onClick={() => onPairing(id)}
              >
                {name}
              </button>
            ))}
          </div>
          <button type="button" class="plain" data-testid="pair-close" onClick={onClose}>
            Close
          </button>
        </div>
      </div>
      {view.pairing === 'difference' ? <Difference {...props} /> : <Swipe {...props} />}
    </section>
  );
}

function Difference({ one, other, pictures, view, pointer, onPointer }: Props) {
  const difference = useMemo(
    () => mapDifference(scaled(one.cell), scaled(other.cell)),
    [one.cell, other.cell],
  );
  const [picture] = pictures;
  if (difference === undefined)
    return <p class="cell-reason">The two models saw no part of the picture in common.</p>;
  const { shown, place } = difference;
  const colourMap = divergingName(view.look);
  const style = { colourMap, smooth: view.look.drawing === 'smooth', otsu: false };
  return (
    <div class="pair-picture">
      <CellPicture
        shown={shown}
        style={style}
        area={place}
        picture={picture}
        view={view}
        pointer={pointer}
        onPointer={onPointer}
      />
      <ColourBar scale={shown.scale} style={style} kind="difference" marked={undefined} />
      <PairDescription difference={difference} pointer={pointer} picture={picture.uri} />
    </div>
  );
}

function Swipe({ one, other, pictures, view, pointer, onPointer }: Props) {
  const [share, setShare] = useState(0.5);
  const [left, right] = pictures;
  const common = { view, pointer, onPointer };
  return (
    <div class="pair-picture">
      <div class="swipe" data-testid="swipe" style={{ '--swipe': `${share * 100}%` }}>
        <CellPicture
          {...common}
          shown={one.cell.shown}
          style={styleOf(one.cell, view.look)}
          area={one.cell.window}
          picture={left}
        />
        <div class="swipe-over">
          <CellPicture
            {...common}
            shown={other.cell.shown}
            style={styleOf(other.cell, view.look)}
            area={other.cell.window}
            picture={right}
          />
        </div>
        <span class="swipe-line" aria-hidden="true" />
      </div>
      <label class="swipe-control">
        <span>A | B</span>
        <input
          type="range"
          data-testid="swipe-at"
          min="0"
          max="100"
          value={share * 100}
          aria-label="Where A ends and B begins"
          aria-valuetext={`A over ${formatShare(share)} of the picture`}
          onInput={(event) => setShare(event.currentTarget.valueAsNumber / 100)}
        />
      </label>
    </div>
  );
}

/** As it is drawn, where it lies. */
function scaled(cell: ShownCell) {
  return { ...placedMap(cell), values: cell.shown.values, scale: cell.shown.scale };
}
