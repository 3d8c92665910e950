import path, { type PlatformPath } from 'node:path';
import { inside } from '../engine/files/inside';

/** The deepest folder that all of these lie in; the first one's root where there is none. */
export function sharedFolder(
  [first, ...others]: readonly string[],
  flavour: PlatformPath = path,
): string {
  let folder = flavour.dirname(first ?? '');
  while (!others.every((file) => inside(folder, file, flavour) !== undefined)) {
    const above = flavour.dirname(folder);
    if (above === folder) return folder;
    folder = above;
  }
  return folder;
}
