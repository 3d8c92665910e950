/** The picture, its legend and summary, and how it is drawn. */
import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { isWholePicture, summariseEvidence } from '../../shared/evidence-summary';
import type { Grid, Heatmap, InputWindow, MethodInfo } from '../../shared/explanation';
import type { DrawnPicture } from '../../shared/panel/panel-model';
import { shownInWords } from '../../shared/shown-in-words';
import { shownMap } from '../../shared/shown-map';
import { composePicture } from '../compose-picture';
import { drawHeatmap, type DrawnHeatmap, type HeatmapStyle } from '../draw-heatmap';
import type { Point, Size } from '../mark-box';
import { useCopy } from '../use-copy';
import { useImage } from '../use-image';
import type { Marker } from '../use-marking';
import { divergingName, drawingOf, lookOf, sequentialName, type ViewState } from '../view-state';
import { BoxMarker } from './box-marker';
import { ColourBar } from './colour-bar';
import { ContextMenu, type MenuItem } from './context-menu';
import { MarkingHint } from './marking-hint';
import { PatchReadout } from './patch-readout';
import { Picture, type Cursor } from './picture';
import { SaveButtons, type SaveKind } from './save-buttons';
import { ViewControls } from './view-controls';
import { Zoomable } from './zoomable';

interface Props {
  readonly picture: DrawnPicture;
  readonly method: MethodInfo | undefined;
  readonly window: InputWindow | undefined;
  /** Of the model's patches; there is one where there is a map. */
  readonly grid: Grid | undefined;
  readonly heatmap: Heatmap | undefined;
  readonly view: ViewState;
  /** What is marked on the picture. */
  readonly marker: Marker;
  /** How the picture is changed. */
  readonly changing: ComponentChildren;
  /** Progress or failure, shown over the picture. */
  readonly messages: ComponentChildren;
  readonly onView: (change: Partial<ViewState>) => void;
  readonly onSave: (format: 'png' | 'json' | 'npy', classIndex: number, png?: Uint8Array) => void;
  readonly onNotify: (message: string) => void;
  readonly onReveal: () => void;
  /** The answers, where they stand right below the picture. */
  readonly children: ComponentChildren;
}

export function Viewer(props: Props) {
  const {
    picture: shownPicture,
    method,
    window: area,
    grid,
    heatmap,
    view,
    onView,
    marker,
  } = props;
  const imageRef = useRef<HTMLImageElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const image = useImage(shownPicture.imageSrc, imageRef);
  const [cursor, setCursor] = useState<Cursor>();
  const [said, setSaid] = useState('');
  const [menuAt, setMenuAt] = useState<{ readonly x: number; readonly y: number }>();
  const { signed = false, pixels = false } = method ?? {};
  const { evidence, grain } = lookOf(view, method);
  const shown = useMemo(
    () => heatmap && grid && shownMap(heatmap, { signed, pixels }, grid, { evidence, grain }),
    [heatmap, grid, signed, pixels, evidence, grain],
  );
  const isDiverging = signed && evidence === 'for-and-against';
  const colourMap = isDiverging ? divergingName(view) : sequentialName(view);
  const drawing = drawingOf(view, method);
  const { otsu } = view;
  const style = useMemo<HeatmapStyle>(
    () => ({ colourMap, smooth: drawing === 'smooth', otsu }),
    [colourMap, drawing, otsu],
  );
  const drawn = useMemo(() => shown && drawHeatmap(shown, style), [shown, style]);
  /** What the pointer reads. */
  const read = useMemo(
    () => heatmap && shown && { ...heatmap, values: shown.raw, shape: shown.shape },
    [heatmap, shown],
  );
  useEffect(() => {
    setCursor(undefined);
    setSaid('');
  }, [heatmap, grain]);

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
      smooth: style.smooth,
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

  useCopy(() => onSave('copy'));
  const closeMenu = useCallback(() => {
    setMenuAt(undefined);
    stage.current?.querySelector<HTMLElement>('.map')?.focus();
  }, []);
  const isMissing = heatmap === undefined;
  const items: readonly MenuItem[] = [
    {
      id: 'copy',
      name: 'Copy Picture with Map',
      keys: 'Control+C',
      disabled: isMissing,
      act: () => onSave('copy'),
    },
    {
      id: 'save',
      name: 'Save Picture with Map…',
      disabled: isMissing,
      act: () => onSave('png'),
    },
    {
      id: 'cover',
      name: 'Cover Here',
      keys: 'W',
      disabled: marker.size === undefined,
      act: () => {
        const centre = menuAt && marker.size && pointIn(stage.current, menuAt, marker.size);
        marker.begin('cover', centre);
      },
    },
    { id: 'reveal', name: 'Reveal in Explorer', disabled: false, act: props.onReveal },
  ];

  return (
    <main class="viewer">
      <div
        ref={stage}
        class="stage"
        data-testid="stage"
        onContextMenu={(event) => {
          event.preventDefault();
          setMenuAt({ x: event.clientX, y: event.clientY });
        }}
      >
        {menuAt !== undefined && (
          <ContextMenu label="Picture" items={items} at={menuAt} onClose={closeMenu} />
        )}
        <div class="messages">{props.messages}</div>
        <Zoomable zoom={view.zoom} onZoom={(zoom) => onView({ zoom })}>
          <Picture
            imageRef={imageRef}
            image={image}
            src={shownPicture.imageSrc}
            fileName={shownPicture.fileName}
            window={area}
            heatmap={read}
            grain={grain}
            drawn={drawn}
            exact={!style.smooth}
            view={view}
            cursor={cursor}
            onCursor={setCursor}
          >
            {marker.marking && (
              <BoxMarker
                marker={marker}
                marking={marker.marking}
                fileName={shownPicture.fileName}
              />
            )}
          </Picture>
        </Zoomable>
      </div>
      <div class="caption">
        <div class="words">
          <p id="summary" class="summary" data-testid="summary" aria-live="polite">
            {read === undefined
              ? '\u00A0'
              : summariseEvidence(read, {
                  classSpecific: method?.classSpecific !== false,
                  signed,
                  wholePicture: area === undefined || isWholePicture(area),
                })}
            {shown !== undefined && ` ${shownInWords(shown, { signed, pixels })}`}
          </p>
          {image.kind === 'failed' && (
            <p class="quiet" data-testid="picture-missing">
              The editor cannot show this picture; maps are drawn alone.
            </p>
          )}
          {marker.marking ? (
            <MarkingHint marker={marker} marking={marker.marking} />
          ) : (
            read !== undefined && <PatchReadout heatmap={read} cursor={cursor} />
          )}
        </div>
        {read !== undefined && drawn !== undefined && (
          <ColourBar
            scale={drawn.scale}
            style={style}
            kind={signed ? evidence : undefined}
            marked={relevanceAt(read, cursor)}
          />
        )}
      </div>
      {props.children}
      <div class="toolbar">
        <ViewControls view={view} kind={{ signed, pixels }} onChange={onView} />
        <SaveButtons disabled={heatmap === undefined} onSave={onSave} />
        {props.changing}
        <span role="status" class="quiet said">
          {said}
        </span>
      </div>
    </main>
  );
}

/** Where in the picture a point of the page lies, or the nearest to it. */
function pointIn(stage: HTMLElement | null, { x, y }: Point, { width, height }: Size): Point {
  const area = stage?.querySelector('.picture')?.getBoundingClientRect();
  if (area === undefined) return { x: width / 2, y: height / 2 };
  const inside = (share: number): number => Math.min(1, Math.max(0, share));
  return {
    x: inside((x - area.left) / area.width) * width,
    y: inside((y - area.top) / area.height) * height,
  };
}

function relevanceAt({ values, shape }: Heatmap, cursor: Cursor | undefined): number | undefined {
  return cursor === undefined ? undefined : values[cursor.row * shape[1] + cursor.column];
}
