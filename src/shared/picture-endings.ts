/** Which files count as pictures, by their names: the one list that everything else follows. */

/** In lower case, without the dot. */
export const pictureEndings: readonly string[] = [
  'png',
  'jpg',
  'jpeg',
  'jpe',
  'jfif',
  'webp',
  'avif',
  'gif',
  'tif',
  'tiff',
  'bmp',
  'svg',
];

/** The formats in a person's words. */
export const pictureFormats = 'PNG, JPEG, WebP, AVIF, GIF, TIFF, BMP or SVG';

/** `tif` of `a/b.TIF`; empty where there is none. */
export function endingOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot + 1).toLowerCase();
}

/** Whether a path ends like a picture, in upper or lower case. */
export function isImagePath(path: string): boolean {
  return pictureEndings.includes(endingOf(path));
}
