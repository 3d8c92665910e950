import type { Maps } from './trace-maps';

/** The mean of the maps of several images, as methods take it that follow a way to the image. */
export async function averageMaps(
  images: readonly Float32Array[],
  mapsOf: (image: Float32Array) => Promise<Maps>,
): Promise<Maps> {
  let sum: Maps = { maps: new Float32Array(), shape: [0, 0] };
  for (const [n, image] of images.entries()) {
    const one = await mapsOf(image);
    if (n === 0) sum = one;
    else for (const [i, value] of one.maps.entries()) sum.maps[i] = (sum.maps[i] ?? 0) + value;
  }
  return { ...sum, maps: sum.maps.map((value) => value / images.length) };
}
