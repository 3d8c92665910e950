/** The picture, its legend and summary, and how it is drawn. */
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { isWholePicture, summariseEvidence } from '../../shared/evidence-summary';
import type { Heatmap, InputWindow, MethodInfo } from '../../shared/explanation';
import type { DrawnPicture } from '../../shared/panel/panel-model';
import { composePicture } from '../compose-picture';
import { drawHeatmap, type DrawnHeatmap, type HeatmapStyle } from '../draw-heatmap';
import { useImage } from '../use-image';
import { divergingName, sequentialName, type ViewState } from '../view-state';
import { ColourBar } from './colour-bar';
import { PatchReadout } from './patch-readout';
import { Picture, type Cursor } from './picture';
import { SaveButtons, type SaveKind } from './save-buttons';
import { ViewControls } from './view-controls';
import { Zoomable } from './zoomable';

interface Props {
  readonly picture: DrawnPicture;
  readonly method: MethodInfo | undefined;
  readonly window: InputWindow | undefined;
  readonly heatmap: Heatmap | undefined;
  readonly view: ViewState;
  /** Progress or failure, shown over the picture. */
  readonly messages: ComponentChildren;
  readonly onView: (change: Partial<ViewState>) => void;
  readonly onSave: (format: 'png' | 'json' | 'npy', classIndex: number, png?: Uint8Array) => void;
  readonly onNotify: (message: string) => void;
}

export function Viewer(props: Props) {
  const { picture: shown, method, window: area, heatmap, view, onView } = props;
  const imageRef = useRef<HTMLImageElement>(null);
  const image = useImage(shown.imageSrc);
  const [cursor, setCursor] = useState<Cursor>();
  const [said, setSaid] = useState('');
  const signed = method?.signed === true;
  const colourMap = signed ? divergingName(view) : sequentialName(view);
  const { drawing, otsu } = view;
  const style = useMemo<HeatmapStyle>(
    () => ({ colourMap, drawing, signed, otsu }),
    [colourMap, drawing, signed, otsu],
  );
  const drawn = useMemo(
    () => (heatmap === undefined ? undefined : drawHeatmap(heatmap, style)),
    [heatmap, style],
  );
  useEffect(() => {
    setCursor(undefined);
    setSaid('');
  }, [heatmap]);

  const save = async (kind: SaveKind, map: Heatmap, picture: DrawnHeatmap): Promise<void> => {
    if (kind === 'json' || kind === 'npy') {
      props.onSave(kind, map.index);
      return;
    }
    if (area === undefined) return;
    const png = await composePicture({
      picture: image.kind === 'loaded' ? (imageRef.current ?? undefined) : undefined,
      window: area,
      drawn: picture,
      smooth: style.drawing === 'smooth' || style.otsu,
      opacity: view.opacity,
    });
    if (kind === 'png') {
      props.onSave('png', map.index, new Uint8Array(await png.arrayBuffer()));
    } else {
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': png })]);
      setSaid('Copied.');
    }
  };
  const onSave = (kind: SaveKind): void => {
    if (heatmap === undefined || drawn === undefined) return;
    save(kind, heatmap, drawn).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      props.onNotify(
        kind === 'copy'
          ? `The picture could not be copied (${reason}). Save it as PNG instead.`
          : `The picture could not be saved (${reason}).`,
      );
    });
  };

  return (
    <main class="viewer">
      <div class="stage" data-testid="stage">
        <div class="messages">{props.messages}</div>
        <Zoomable zoom={view.zoom} onZoom={(zoom) => onView({ zoom })}>
          <Picture
            imageRef={imageRef}
            image={image}
            src={shown.imageSrc}
            fileName={shown.fileName}
            window={area}
            heatmap={heatmap}
            drawn={drawn}
            view={view}
            cursor={cursor}
            onCursor={setCursor}
          />
        </Zoomable>
      </div>
      <div class="caption">
        <div class="words">
          <p id="summary" class="summary" data-testid="summary" aria-live="polite">
            {heatmap === undefined
              ? '\u00A0'
              : summariseEvidence(heatmap, {
                  classSpecific: method?.classSpecific !== false,
                  signed,
                  wholePicture: area === undefined || isWholePicture(area),
                })}
          </p>
          {image.kind === 'failed' && (
            <p class="quiet" data-testid="picture-missing">
              The editor cannot show this picture; maps are drawn alone.
            </p>
          )}
          {heatmap !== undefined && <PatchReadout heatmap={heatmap} cursor={cursor} />}
        </div>
        {heatmap !== undefined && drawn !== undefined && (
          <ColourBar drawn={drawn} style={style} marked={relevanceAt(heatmap, cursor)} />
        )}
      </div>
      <div class="toolbar">
        <ViewControls view={view} style={style} onChange={onView} />
        <SaveButtons disabled={heatmap === undefined} onSave={onSave} />
        <span role="status" class="quiet said">
          {said}
        </span>
      </div>
    </main>
  );
}

function relevanceAt({ values, shape }: Heatmap, cursor: Cursor | undefined): number | undefined {
  return cursor === undefined ? undefined : values[cursor.row * shape[1] + cursor.column];
}
