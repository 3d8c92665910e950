import path from 'node:path';

/** The deepest folder that all of these lie in; the first one's root where there is none. */
export function sharedFolder([first, ...others]: readonly string[]): string {
  let folder = path.dirname(first ?? '');
  while (!others.every((file) => file.startsWith(withSeparator(folder)))) {
    const above = path.dirname(folder);
    if (above === folder) return folder;
    folder = above;
  }
  return folder;
}

function withSeparator(folder: string): string {
  return folder.endsWith(path.sep) ? folder : folder + path.sep;
}
