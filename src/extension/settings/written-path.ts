import path, { type PlatformPath } from 'node:path';
import { homeFolder } from '../../engine/files/home-folder';

/**
 * A path as people write it into settings and keybindings, on whichever system: with `~` or
 * `${userHome}` for the home folder, `${workspaceFolder}` for that of the workspace, and backslashes.
 *
 * @returns an absolute path, or one that is meant from a workspace folder
 */
export function writtenPath(written: string, flavour: PlatformPath = path): string {
  // A setting may be shared with a machine of another kind.
  const text = flavour.sep === '/' ? written.replaceAll('\\', '/') : written;
  const [, variable, rest] =
    /^(~|\$\{userHome\}|\$\{workspaceFolder\})(?:[\\/]+(.*))?$/.exec(text) ?? [];
  if (variable === undefined) return text;
  return variable === '${workspaceFolder}'
    ? (rest ?? '') || '.'
    : flavour.join(homeFolder(), rest ?? '');
}
