/** From the bands of a picture to red, green and blue. */

/** The first three of the bands; grey where there are fewer. */
export function rgbOf(data: Uint8Array, bands: number): Uint8Array {
  if (bands === 3) return data;
  const pixels = Math.floor(data.length / bands);
  const rgb = new Uint8Array(pixels * 3);
  const [green, blue] = bands < 3 ? [0, 0] : [1, 2];
  for (let from = 0, to = 0; to < rgb.length; from += bands, to += 3) {
    rgb[to] = data[from] ?? 0;
    rgb[to + 1] = data[from + green] ?? 0;
    rgb[to + 2] = data[from + blue] ?? 0;
  }
  return rgb;
}

/** As Pillow converts it, whatever the profile: each ink darkens what black leaves. */
export function rgbOfCmyk(data: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((data.length / 4) * 3);
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    const left = 255 - (data[from + 3] ?? 0);
    for (let ink = 0; ink < 3; ink++) rgb[to + ink] = left - shareOf(data[from + ink] ?? 0, left);
  }
  return rgb;
}

/** `a · b / 255`, rounded. */
function shareOf(a: number, b: number): number {
  const product = a * b + 128;
  return ((product >> 8) + product) >> 8;
}
