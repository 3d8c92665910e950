import path, { type PlatformPath } from 'node:path';

/**
 * The way from a folder to what lies below it, however either is written: Windows does not tell `C:`
 * from `c:`, nor any two spellings of a name that differ in case.
 *
 * @param folder absolute
 * @param place absolute
 * @param flavour the path rules of a system; of this one, unless a test says otherwise
 * @returns undefined where the place is that folder, or lies elsewhere, as on another drive
 */
export function inside(
  folder: string,
  place: string,
  flavour: PlatformPath = path,
): string | undefined {
  const way = flavour.relative(folder, place);
  const isElsewhere = way === '' || flavour.isAbsolute(way) || way.split(flavour.sep)[0] === '..';
  return isElsewhere ? undefined : way;
}
