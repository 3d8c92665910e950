/** What the person marks on the picture: a rectangle to cover, or the window that the model is to see. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { PanelState } from '../shared/panel/panel-model';
import {
  isFull,
  withCover,
  withFit,
  type CoverFill,
  type PictureBox,
  type PictureChange,
} from '../shared/picture-change';
import { firstBox, type Point, type Size } from './mark-box';

export interface Marking {
  readonly of: 'cover' | 'window';
  /** Undefined until there is one. */
  readonly box: PictureBox | undefined;
  /** Width by height that it has to have. */
  readonly ratio: number | undefined;
}

export interface Marker {
  /** Of the picture, once it is known. */
  readonly size: Size | undefined;
  readonly marking: Marking | undefined;
  /** @param centre where the first rectangle lies; for a cover there is none without */
  readonly begin: (of: Marking['of'], centre?: Point) => void;
  readonly setBox: (box: PictureBox) => void;
  /** The picture is explained so; another rectangle may follow. */
  readonly apply: (box: PictureBox) => void;
  readonly end: () => void;
}

/** @param onChange takes the picture as it is to be explained from now on */
export function useMarking(
  panel: PanelState,
  fill: CoverFill,
  onChange: (change: PictureChange | undefined) => void,
): Marker {
  const { picture, isLeft, change, opened } = panel;
  const uri = picture?.uri;
  const size = useSize(panel);
  const [marking, setMarking] = useState<Marking>();
  useEffect(() => setMarking(undefined), [uri, isLeft]);
  const begin = (of: Marking['of'], centre?: Point): void => {
    if (size === undefined || opened === undefined) return;
    if (of === 'cover') {
      if (isFull(change)) return;
      const box = centre && firstBox(size, undefined, centre);
      setMarking({ of, box, ratio: undefined });
      return;
    }
    const [height, width] = opened.input;
    const ratio = width / height;
    const now = typeof change?.fit === 'object' ? change.fit : undefined;
    setMarking({ of, box: now ?? firstBox(size, ratio, centre), ratio });
  };
  const apply = (box: PictureBox): void => {
    if (marking === undefined) return;
    const isCover = marking.of === 'cover';
    const changed = isCover ? withCover(change, { ...box, fill }) : withFit(change, box);
    onChange(changed);
    const another = { ...marking, box: isCover ? undefined : box };
    setMarking(isCover && isFull(changed) ? undefined : another);
  };
  return {
    size,
    marking,
    begin,
    setBox: (box) => setMarking(marking && { ...marking, box }),
    apply,
    end: () => setMarking(undefined),
  };
}

/** As the model's answer to this picture said, also while the next answer is on its way; unknown where it is left. */
function useSize({ picture, isLeft, classified }: PanelState): Size | undefined {
  const known = useRef<Size & { readonly uri: string | undefined }>();
  const uri = picture?.uri;
  if (classified !== undefined) {
    const { imageWidth, imageHeight } = classified.window;
    known.current = { uri, width: imageWidth, height: imageHeight };
  }
  return known.current?.uri === uri && !isLeft ? known.current : undefined;
}
