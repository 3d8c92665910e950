import { raster } from './raster';

/** How a picture lies in its file: the EXIF orientation that decoding undoes, 1 (as shown) where there is none. */
export async function orientationOf(bytes: Uint8Array): Promise<number> {
  try {
    return (await raster(bytes, { limitInputPixels: false }).metadata()).orientation ?? 1;
  } catch {
    // What is no picture is told where it is decoded.
    return 1;
  }
}
