/** Which two pictures an image diff view shows. */
import * as vscode from 'vscode';
import { isImagePath } from '../shared/picture-endings';
import { diffedNames } from '../shared/diffed-names';
import { filesGiven, isMenuPlace } from './commands/given-files';
import { findNamesakes } from './find-files';
import { gitVersion } from './git-versions';

/** As git's views write it. */
const commit = /^(?:HEAD|[0-9a-f]{4,40}\^?)$/;
/** Files of one name that are looked for. */
const mostNamesakes = 100;

/**
 * The version of before and that of now, as the view in front shows them. The editor tells extensions
 * of no image diff more than its tab's title, and in the title bar where the newer version lies.
 *
 * @param clicked what a command was given, and `selected`, its second argument: in a title bar where the newer
 *   version lies, and which bar it is; other files are not what a view in front is about
 * @returns the newer one alone where the other one cannot be told; undefined where there is no diff view of pictures
 */
export async function picturesInDiff(
  clicked: unknown,
  selected: unknown,
): Promise<readonly vscode.Uri[] | undefined> {
  const [given] = filesGiven(clicked);
  if (given !== undefined && !isMenuPlace(selected)) return undefined;
  const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
  if (tab?.input instanceof vscode.TabInputTextDiff) {
    const { original, modified } = tab.input;
    return isImagePath(modified.path) ? [original, modified] : undefined;
  }
  if (tab === undefined || tab.input !== undefined) return undefined;
  const names = diffedNames(tab.label);
  if (names === undefined || !isImagePath(names.now.name)) return undefined;
  const isOfOtherTab = given !== undefined && !given.path.endsWith(`/${names.now.name}`);
  if (isOfOtherTab) return undefined;
  const now = given ?? (await fileNamed(names.now));
  if (now === undefined) return undefined;
  const before = await versionBefore(now, names.before);
  return before === undefined ? [now] : [before, now];
}

type Named = NonNullable<ReturnType<typeof diffedNames>>['now'];

async function fileNamed({ name, version }: Named): Promise<vscode.Uri | undefined> {
  const found = await findNamesakes(name, mostNamesakes);
  const [only] = found;
  const file = found.length < 2 ? only : await pick(name, found);
  const ref = version === 'Index' ? '' : version;
  const isGits = ref !== undefined && (ref === '' || commit.test(ref));
  return file !== undefined && isGits ? gitVersion(file, ref) : file;
}

async function pick(name: string, files: readonly vscode.Uri[]): Promise<vscode.Uri | undefined> {
  const items = files.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri }));
  const picked = await vscode.window.showQuickPick(items, { title: `Which ${name} is it?` });
  return picked?.uri;
}

/** @param named what the tab's title says of it, if anything */
async function versionBefore(
  now: vscode.Uri,
  named: Named | undefined,
): Promise<vscode.Uri | undefined> {
  const isIndex = now.scheme === 'git';
  if (named === undefined) return existing(await gitVersion(now, isIndex ? 'HEAD' : '~'));
  const { version } = named;
  if (version !== undefined)
    return commit.test(version) ? existing(await gitVersion(now, version)) : undefined;
  const beside = vscode.Uri.joinPath(now, '..', named.name);
  return (await existing(beside)) ?? fileNamed(named);
}

/** Git answers with nothing where it has no such version. */
async function existing(file: vscode.Uri | undefined): Promise<vscode.Uri | undefined> {
  if (file === undefined) return undefined;
  try {
    return (await vscode.workspace.fs.stat(file)).size > 0 ? file : undefined;
  } catch {
    return undefined;
  }
}
