/** One picture of a whole explanation: what the model saw, and the evidence for each class over it. */
import sharp, { type OverlayOptions } from 'sharp';
import { colourMaps } from '../../shared/colour-map';
import { formatFigure, percent } from '../../shared/format-number';
import type { Params, Result } from '../../shared/protocol/calls';
import type { ExplainResult } from '../../shared/protocol/explain';
import { mixHeatmap } from '../../shared/overlay';
import { normaliseAroundZero, normaliseMinMax, upsampleBilinear } from '../../shared/upsample';
import { inputPicture } from './input-picture';
import type { RgbImage } from './resize';

const tileSide = 336;
const captionHeight = 44;
const gap = 12;
const maxColumns = 4;
const opacity = 0.75;

interface Tile {
  readonly title: string;
  readonly subtitle: string;
  readonly image: RgbImage;
}

/** @throws Failure `image-unreadable`, `image-too-large` */
export async function contactSheet({
  image,
  result,
  signed,
}: Params<'contactSheet'>): Promise<Result<'contactSheet'>> {
  const { window } = result;
  const shrink = tileSide / Math.max(window.width, window.height);
  const width = Math.max(1, Math.round(window.width * shrink));
  const height = Math.max(1, Math.round(window.height * shrink));
  const seen = await inputPicture(image, window, width, height, result.reading);
  const overlays = result.heatmaps.map(({ label, againstLabel, values, shape }, at): Tile => {
    const scaled = signed ? normaliseAroundZero(values) : normaliseMinMax(values);
    return {
      title: label,
      subtitle: againstLabel === undefined ? strengthOf(result, at) : `rather than ${againstLabel}`,
      image: overlay(seen, upsampleBilinear(scaled, shape, [height, width]), signed),
    };
  });
  const first = { title: image.name, subtitle: result.method, image: seen };
  return { png: await compose([first, ...overlays], width, height) };
}

/** Its probability or value; one phrase without alternative has a similarity only. */
function strengthOf({ scores }: ExplainResult, at: number): string {
  const { probability, value, similarity } = scores[at] ?? {};
  if (probability !== undefined) return percent(probability);
  if (value !== undefined) return formatFigure(value);
  return similarity === undefined ? '' : `similarity ${similarity.toFixed(3)}`;
}

function overlay(picture: RgbImage, map: Float32Array, signed: boolean): RgbImage {
  const { width, height } = picture;
  const rgba = new Uint8Array(width * height * 4);
  for (let pixel = 0; pixel < width * height; pixel++)
    rgba.set(picture.data.subarray(pixel * 3, pixel * 3 + 3), pixel * 4);
  mixHeatmap(rgba, map, colourMaps[signed ? 'blue-red' : 'viridis'], opacity, signed);
  const data = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++)
    data.set(rgba.subarray(pixel * 4, pixel * 4 + 3), pixel * 3);
  return { width, height, data };
}

function compose(tiles: readonly Tile[], width: number, height: number): Promise<Buffer> {
  const columns = Math.min(maxColumns, tiles.length);
  const rows = Math.ceil(tiles.length / columns);
  const sheetWidth = columns * (width + gap) + gap;
  const sheetHeight = rows * (height + captionHeight + gap) + gap;
  const captions: string[] = [];
  const pictures = tiles.map(({ title, subtitle, image }, at): OverlayOptions => {
    const left = gap + (at % columns) * (width + gap);
    const top = gap + Math.floor(at / columns) * (height + captionHeight + gap);
    const baseline = top + height + 18;
    captions.push(
      `<text x="${left}" y="${baseline}" font-size="15" fill="#111">${escaped(title, width)}</text>`,
      `<text x="${left}" y="${baseline + 18}" font-size="13" fill="#555">${escaped(subtitle, width)}</text>`,
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
