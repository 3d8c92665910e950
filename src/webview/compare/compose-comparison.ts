/** The maps of a comparison as one picture, or as the pictures of a page, with the words beside them. */
import { cellKey, type CellAddress, type Comparison } from '../../shared/compare/comparison';
import type { Cell, ComparisonState } from '../../shared/compare/comparison-state';
import type { FromComparison } from '../../shared/protocol/compare';
import { composed, contextOf, pngOf } from '../compose-picture';
import { drawHeatmap } from '../draw-heatmap';
import type { Looks } from '../../shared/panel/looks';
import { axisNames, cellName, changedInWords, itemName } from './axis-words';
import { agreementsOf, answerOf, summaryOf } from './cell-words';
import { styleOf, type ShownCell } from './shown-cell';

/** What is to be saved. */
export interface ComparisonSource {
  readonly state: ComparisonState;
  readonly asked: Comparison;
  readonly rows: readonly (readonly CellAddress[])[];
  readonly cells: ReadonlyMap<string, Cell>;
  readonly shown: ReadonlyMap<string, ShownCell>;
  readonly look: Looks;
}

/** A cell in words, and as it is drawn where there is a map. */
interface Tile {
  readonly heading: string;
  readonly words: readonly string[];
  readonly drawn: HTMLCanvasElement | undefined;
}

const tileSide = 320;
const [padding, lineHeight] = [12, 18];
/** Canvases have limits. */
const longestSide = 8192;

/** As one page: a table of pictures with what is said of them. */
export async function comparisonAsPage(
  source: ComparisonSource,
): Promise<Extract<FromComparison, { kind: 'saveHtml' }>> {
  const { state, asked, rows } = source;
  const tiles = await tilesOf(source);
  const [first = []] = rows;
  return {
    kind: 'saveHtml',
    title: titleOf(source),
    sentences: heldInWords(source),
    columns: first.map((address) => itemName(state, asked.columns, address[asked.columns])),
    rows: await Promise.all(
      tiles.map(async (row, at) => ({
        name:
          asked.rows === 'none'
            ? ''
            : itemName(state, asked.rows, rows[at]?.[0]?.[asked.rows] ?? ''),
        cells: await Promise.all(
          row.map(async ({ words, drawn }) => ({
            words: [...words],
            ...(drawn && { png: new Uint8Array(await (await pngOf(drawn)).arrayBuffer()) }),
          })),
        ),
      })),
    ),
  };
}

/** As one picture: black on white, whatever the theme. */
export async function comparisonAsPicture(source: ComparisonSource): Promise<Uint8Array> {
  const { asked } = source;
  const tiles = await tilesOf(source);
  const lines = inLines(tiles, asked.rows === 'none');
  const columns = Math.max(...lines.map(({ length }) => length));
  const width = padding + columns * (tileSide + padding);
  const heights = lines.map(heightOf);
  const title = [titleOf(source), ...heldInWords(source)];
  const top = padding + title.length * lineHeight + padding;
  const height = heights.reduce((sum, line) => sum + line, top);
  const scale = Math.min(1, longestSide / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = contextOf(canvas);
  context.scale(scale, scale);
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.fillStyle = '#000';
  title.forEach((text, at) => {
    write(context, text, padding, padding + (at + 1) * lineHeight, width - 2 * padding, at === 0);
  });
  lines.forEach((line, at) => {
    const y = heights.slice(0, at).reduce((sum, one) => sum + one, top);
    line.forEach((tile, column) =>
      drawTile(context, tile, padding + column * (tileSide + padding), y),
    );
  });
  return new Uint8Array(await (await pngOf(canvas)).arrayBuffer());
}

/** One row is laid out in about as many columns as lines. */
function inLines(rows: readonly (readonly Tile[])[], inFlow: boolean) {
  if (!inFlow) return rows;
  const tiles = rows.flat();
  const across = Math.ceil(Math.sqrt(tiles.length));
  return Array.from({ length: Math.ceil(tiles.length / across) }, (_, line) =>
    tiles.slice(line * across, (line + 1) * across),
  );
}

function heightOf(line: readonly Tile[]): number {
  const heights = line.map(({ words, drawn }) => {
    const texts = 1 + (drawn === undefined ? wordsWithout : 1) + Math.min(words.length, 2);
    return texts * lineHeight + (drawn?.height ?? 0);
  });
  return Math.max(...heights) + padding;
}

/** Lines that a reason gets in place of a picture. */
const wordsWithout = 4;

function drawTile(context: CanvasRenderingContext2D, tile: Tile, x: number, y: number): void {
  const { heading, words, drawn } = tile;
  write(context, heading, x, y + lineHeight, tileSide, true);
  const below = y + 1.4 * lineHeight;
  if (drawn !== undefined) context.drawImage(drawn, x, below);
  const shown = drawn === undefined ? inPieces(context, words.join(' ')) : words.slice(0, 2);
  shown.forEach((text, at) => {
    write(context, text, x, below + (drawn?.height ?? 0) + (at + 1) * lineHeight, tileSide, false);
  });
}

function inPieces(context: CanvasRenderingContext2D, text: string): readonly string[] {
  context.font = fontOf(false);
  const lines = [''];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`.trim();
    if (context.measureText(longer).width <= tileSide) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.slice(0, wordsWithout);
}

function write(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  width: number,
  bold: boolean,
): void {
  context.font = fontOf(bold);
  let shown = text;
  while (shown.length > 1 && context.measureText(shown).width > width)
    shown = `${shown.replace(/…$/, '').slice(0, -1)}…`;
  context.fillText(shown, x, y);
}

function fontOf(bold: boolean): string {
  return `${bold ? 'bold ' : ''}13px sans-serif`;
}

async function tilesOf(source: ComparisonSource): Promise<readonly (readonly Tile[])[]> {
  const { state, asked, rows, cells, shown } = source;
  const images = new Map<string, Promise<HTMLImageElement | undefined>>();
  for (const { imageSrc } of state.drawn) images.set(imageSrc, loaded(imageSrc));
  const neighbour = (address: CellAddress | undefined) => {
    const cell = address && shown.get(cellKey(address));
    return cell && { name: cellName(state, asked, address), cell };
  };
  const tile = async (address: CellAddress, row: number, column: number): Promise<Tile> => {
    const heading = cellName(state, asked, address);
    const cell = shown.get(cellKey(address));
    if (cell === undefined) {
      const outcome = cells.get(cellKey(address))?.outcome;
      const reason =
        outcome === undefined || outcome.kind === 'map' ? 'Not there yet.' : outcome.reason;
      return { heading, words: [reason], drawn: undefined };
    }
    const agreements = agreementsOf(
      cell,
      neighbour(rows[row]?.[column - 1]),
      neighbour(rows[row - 1]?.[column]),
    );
    const agreed = agreements.map(({ words }) => `${words}.`);
    const words = [answerOf(cell), agreed.join(' '), summaryOf(cell)].filter(Boolean);
    const picture = state.drawn.find(
      ({ uri, modelId }) => uri === cell.picture && modelId === cell.model,
    );
    const image = picture && (await images.get(picture.imageSrc));
    return { heading, words, drawn: drawnCell(cell, image, source.look) };
  };
  return Promise.all(
    rows.map((row, at) => Promise.all(row.map((address, column) => tile(address, at, column)))),
  );
}

function drawnCell(cell: ShownCell, picture: HTMLImageElement | undefined, look: Looks) {
  const style = styleOf(cell, look);
  const drawn = drawHeatmap(cell.shown, style);
  const { smooth } = style;
  const { opacity } = look;
  return composed({ picture, window: cell.window, drawn, smooth, opacity }, tileSide);
}

/** Undefined where the browser cannot show it. */
async function loaded(source: string): Promise<HTMLImageElement | undefined> {
  const image = new Image();
  image.crossOrigin = 'anonymous';
  image.src = source;
  try {
    await image.decode();
    return image;
  } catch {
    return undefined;
  }
}

function titleOf({ asked: { rows, columns } }: ComparisonSource): string {
  const across = axisNames[columns].many.toLowerCase();
  return rows === 'none'
    ? `Compared ${across}`
    : `Compared ${axisNames[rows].many.toLowerCase()} and ${across}`;
}

/** What is the same for all maps. */
function heldInWords({ state, asked }: ComparisonSource): string[] {
  const held = (['pictures', 'models', 'methods', 'classes'] as const).filter(
    (axis) => axis !== asked.rows && axis !== asked.columns,
  );
  const words = held.map(
    (axis) => `${axisNames[axis].one}: ${itemName(state, axis, asked.held[axis])}`,
  );
  const changed = changedInWords(state, asked);
  return [words.join(' · '), ...(changed === undefined ? [] : [changed])];
}
