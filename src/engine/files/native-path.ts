import path, { type PlatformPath } from 'node:path';

/** Windows: with the sign at the end. */
const longestPath = 260;

/**
 * A path for a native library. Node's own functions take paths of any length; others get the form
 * that Windows has for long ones (`\\?\C:\…`), where a path is one.
 */
export function nativePath(file: string, flavour: PlatformPath = path): string {
  return file.length < longestPath ? file : flavour.toNamespacedPath(file);
}
