/** Entry of the process that draws one SVG and ends. */
import sharp from 'sharp';
import { maxPixels, reason } from './unreadable';

/** Drawings are drawn at least this large, in pixels of the long side, since icons would blur. */
const svgSide = 768;
/** Dots an inch at which an SVG has the size that it states. */
const svgDensity = 72;

/** What this process answers. */
export type DrawnSvg =
  | {
      readonly kind: 'drawn';
      readonly width: number;
      readonly height: number;
      /** Four bytes a pixel, not premultiplied. */
      readonly rgba: Uint8Array;
    }
  | { readonly kind: 'large'; readonly width: number; readonly height: number }
  | { readonly kind: 'failed'; readonly why: string };

process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.once('message', (bytes: Uint8Array) => {
  void draw(bytes).then((drawn) => process.send?.(drawn, () => process.exit()));
});

async function draw(bytes: Uint8Array): Promise<DrawnSvg> {
  try {
    const { width, height, format } = await sharp(bytes, { limitInputPixels: false }).metadata();
    if (format !== 'svg') return { kind: 'failed', why: 'it is not a picture in a known format' };
    const density = svgDensity * Math.max(1, svgSide / Math.max(width, height));
    if (width * height > maxPixels) return { kind: 'large', width, height };
    const { data, info } = await sharp(bytes, { limitInputPixels: maxPixels, density })
      .ensureAlpha()
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { kind: 'drawn', width: info.width, height: info.height, rgba: data };
  } catch (cause) {
    return { kind: 'failed', why: reason(cause) };
  }
}
