/** Which files count as pictures, and which of them a browser draws by itself. */

/** In lower case, without the dot. */
export const imageExtensions: readonly string[] = [
  'png',
  'jpg',
  'jpeg',
  'webp',
  'avif',
  'gif',
  'tif',
  'tiff',
  'svg',
];

/** Formats that Chromium does not draw: the worker turns them into PNG first. */
const undrawable = new Set(['tif', 'tiff']);

function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot + 1).toLowerCase();
}

/** Whether a path ends like a picture, in upper or lower case. */
export function isImagePath(path: string): boolean {
  return imageExtensions.includes(extensionOf(path));
}

export function browserDraws(path: string): boolean {
  return !undrawable.has(extensionOf(path));
}
