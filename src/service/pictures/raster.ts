/**
 * The one door by which the bytes of a file reach libvips in this process: through the decoders of the
 * formats that are read. A drawing of others is never drawn here, since that cannot be interrupted
 * (`draw-svg.ts`); the captions of a sheet are drawn, which are our own.
 */
import sharp, { type Sharp, type SharpOptions } from 'sharp';
import { isSvg } from './is-svg';

sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp', 'Heif', 'Nsgif', 'Tiff', 'Svg'].map(
    (decoder) => `VipsForeignLoad${decoder}`,
  ),
});

/** Long enough for the largest picture that is read on a slow machine. */
const decodingSeconds = 60;

/** @throws Error for a drawing */
export function raster(bytes: Uint8Array, options: SharpOptions): Sharp {
  if (isSvg(bytes)) throw new Error('Input buffer contains unsupported image format');
  return sharp(bytes, options).timeout({ seconds: decodingSeconds });
}
