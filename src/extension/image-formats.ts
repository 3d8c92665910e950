/** Which files count as pictures, and which of them a browser draws by itself. */

const extensions = ['png', 'jpg', 'jpeg', 'webp', 'avif', 'gif', 'tif', 'tiff', 'svg'] as const;

/** Formats that Chromium does not draw: the worker turns them into PNG first. */
const undrawable = new Set(['tif', 'tiff']);

function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot + 1).toLowerCase();
}

/** Whether a path ends like a picture, in upper or lower case. */
export function isImagePath(path: string): boolean {
  return (extensions as readonly string[]).includes(extensionOf(path));
}

export function browserDraws(path: string): boolean {
  return !undrawable.has(extensionOf(path));
}

/** A glob for all pictures of a workspace, in upper or lower case. */
export const imageGlob = `**/*.{${extensions.map(inEitherCase).join(',')}}`;

function inEitherCase(extension: string): string {
  return extension.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}
