/** A small picture of what is left when only its most relevant patches are. */
import type { Grid, InputWindow } from '../../shared/explanation';
import { formatShare } from '../../shared/format-number';
import type { DrawnPicture } from '../../shared/panel/panel-model';
import { takenAway } from '../plot/kept-patches';

interface Props {
  readonly picture: DrawnPicture;
  readonly window: InputWindow;
  readonly grid: Grid;
  /** Patch indices in row order, the most relevant first. */
  readonly order: readonly number[];
  /** Share of the patches that is left. */
  readonly kept: number;
  /** What the model says of it, in words. */
  readonly answer: string;
}

export function KeptPicture({ picture, window: area, grid, order, kept, answer }: Props) {
  const [rows, columns] = grid;
  const share = formatShare(kept);
  return (
    <li class="kept-picture" data-testid="kept-picture">
      <div class="kept-window" style={{ aspectRatio: `${area.width} / ${area.height}` }}>
        <img src={picture.imageSrc} alt="" style={placeUnder(area)} draggable={false} />
        <svg viewBox={`0 0 ${columns} ${rows}`} preserveAspectRatio="none" aria-hidden="true">
          <path d={takenAway(order, kept, grid)} />
        </svg>
      </div>
      <span class="quiet">{`${share} left:`}</span> {answer}
    </li>
  );
}

/** Where the whole picture lies behind a window that shows what the model saw of it, in per cent. */
function placeUnder({ imageWidth, imageHeight, left, top, width, height }: InputWindow) {
  return {
    left: `${(-left / width) * 100}%`,
    top: `${(-top / height) * 100}%`,
    width: `${(imageWidth / width) * 100}%`,
    height: `${(imageHeight / height) * 100}%`,
  };
}
