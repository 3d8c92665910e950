/** One picture of a whole explanation: what the model saw, and the evidence for each class over it. */
import sharp, { type OverlayOptions } from 'sharp';
import { changeInBrief } from '../../shared/change-in-words';
import { colourMaps } from '../../shared/colour-map';
import { formatFigure, percent } from '../../shared/format-number';
import type { Params, Result } from '../../shared/protocol/calls';
import type { ExplainResult } from '../../shared/protocol/explain';
import { mixHeatmap } from '../../shared/overlay';
import { onScale } from '../../shared/colour-scale';
import { shownInShort } from '../../shared/shown-in-words';
import { hasEvidenceFor, shownMap, type ShownMap } from '../../shared/shown-map';
import { upsampleBilinear } from '../../shared/upsample';
import { inputPicture } from './input-picture';
import type { RgbImage } from './resize';

const tileSide = 336;
const lineHeight = 18;
const gap = 12;
const maxColumns = 4;
const opacity = 0.75;
const nothingFor = 'nothing in this map speaks for it';

interface Tile {
  readonly title: string;
  readonly subtitles: readonly string[];
  readonly image: RgbImage;
}

/** @throws Failure `image-unreadable`, `image-too-large` */
export async function contactSheet({
  image,
  result,
  method,
  look,
}: Params<'contactSheet'>): Promise<Result<'contactSheet'>> {
  const { window } = result;
  const shrink = tileSide / Math.max(window.width, window.height);
  const width = Math.max(1, Math.round(window.width * shrink));
  const height = Math.max(1, Math.round(window.height * shrink));
  const seen = await inputPicture(image, window, width, height, result.reading);
  const maps = result.heatmaps.map((heatmap) => ({
    ...heatmap,
    ...shownMap(heatmap, method, result.grid, look),
  }));
  const overlays = maps.map((map, at): Tile => {
    const { label, againstLabel } = map;
    const said =
      againstLabel === undefined ? strengthOf(result, at) : `rather than ${againstLabel}`;
    return {
      title: label,
      subtitles: [said, ...(hasEvidenceFor(map) ? [] : [nothingFor])],
      image: overlay(seen, map),
    };
  });
  const isClipped = maps.some(({ scale }) => scale.clipped);
  const changed = result.change === undefined ? [] : [changeInBrief(result.change)];
  const subtitles = [result.method, ...shownInShort(method, look, isClipped), ...changed];
  const first = { title: image.name, subtitles, image: seen };
  return { png: await compose([first, ...overlays], width, height) };
}

/** Its probability or value; one phrase without alternative has a similarity only. */
function strengthOf({ scores }: ExplainResult, at: number): string {
  const { probability, value, similarity } = scores[at] ?? {};
  if (probability !== undefined) return percent(probability);
  if (value !== undefined) return formatFigure(value);
  return similarity === undefined ? '' : `similarity ${similarity.toFixed(3)}`;
}

function overlay(picture: RgbImage, { values, shape, scale }: ShownMap): RgbImage {
  const { width, height } = picture;
  const map = upsampleBilinear(onScale(values, scale), shape, [height, width]);
  const { diverging } = scale;
  const rgba = new Uint8Array(width * height * 4);
  for (let pixel = 0; pixel < width * height; pixel++)
    rgba.set(picture.data.subarray(pixel * 3, pixel * 3 + 3), pixel * 4);
  mixHeatmap(rgba, map, colourMaps[diverging ? 'blue-red' : 'viridis'], opacity, diverging);
  const data = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++)
    data.set(rgba.subarray(pixel * 4, pixel * 4 + 3), pixel * 3);
  return { width, height, data };
}

function compose(tiles: readonly Tile[], width: number, height: number): Promise<Buffer> {
  const columns = Math.min(maxColumns, tiles.length);
  const rows = Math.ceil(tiles.length / columns);
  const captionHeight =
    8 + lineHeight * Math.max(...tiles.map(({ subtitles }) => 1 + subtitles.length));
  const sheetWidth = columns * (width + gap) + gap;
  const sheetHeight = rows * (height + captionHeight + gap) + gap;
  const captions: string[] = [];
  const pictures = tiles.map(({ title, subtitles, image }, at): OverlayOptions => {
    const left = gap + (at % columns) * (width + gap);
    const top = gap + Math.floor(at / columns) * (height + captionHeight + gap);
    const baseline = top + height + lineHeight;
    captions.push(
      `<text x="${left}" y="${baseline}" font-size="15" fill="#111">${escaped(title, width)}</text>`,
      ...subtitles.map(
        (line, below) =>
          `<text x="${left}" y="${baseline + lineHeight * (below + 1)}" font-size="13" fill="#555">${escaped(line, width)}</text>`,
      ),
    );
    const raw = { width: image.width, height: image.height, channels: 3 as const };
    return { input: Buffer.from(image.data), raw, left, top };
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${sheetWidth}" height="${sheetHeight}" font-family="DejaVu Sans, sans-serif">${captions.join('')}</svg>`;
  return sharp({
    create: { width: sheetWidth, height: sheetHeight, channels: 3, background: 'white' },
  })
    .composite([...pictures, { input: Buffer.from(svg), left: 0, top: 0 }])
    .png()
    .toBuffer();
}

/** Text for SVG, cut to what fits over a tile at about 8 pixels a letter. */
function escaped(text: string, width: number): string {
  const letters = Math.max(4, Math.floor(width / 8));
  const cut = text.length > letters ? `${text.slice(0, letters - 1)}…` : text;
  return cut.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
