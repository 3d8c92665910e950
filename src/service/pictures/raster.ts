/**
 * The one door by which the bytes of a file reach libvips in this process: through the decoders of the
 * formats that are read, and never the one of drawings, which cannot be interrupted (`draw-svg.ts`),
 * whatever their name and beginning say.
 */
import sharp, { type Sharp, type SharpOptions } from 'sharp';

sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp', 'Heif', 'Nsgif', 'Tiff'].map(
    (decoder) => `VipsForeignLoad${decoder}`,
  ),
});

/** Long enough for the largest picture that is read on a slow machine. */
const decodingSeconds = 60;

export function raster(bytes: Uint8Array, options: SharpOptions): Sharp {
  return sharp(bytes, options).timeout({ seconds: decodingSeconds });
}
