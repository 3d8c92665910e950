/** Which dataset a gallery is opened on: the explorer's selection, or one that is picked. */
import * as vscode from 'vscode';
import { manifestExtensions } from '../dataset/list-sources';
import { filesGiven } from './commands/given-files';
import { findFiles } from './find-files';
import { pictureEndings } from '../shared/picture-endings';

const listedManifests = 200;
const listedPictures = 2000;

interface Choice extends vscode.QuickPickItem {
  /** What it stands for, none when the person changes their mind; a separator stands for nothing. */
  readonly choose?: () => Promise<readonly vscode.Uri[]>;
}

interface FileItem extends vscode.QuickPickItem {
  readonly uri: vscode.Uri;
}

/**
 * @param clicked what the command was given; nothing in the command palette
 * @param selected the explorer's whole selection
 * @param title of the command, over what is asked
 * @returns folders, manifests and pictures; none when the person changed their mind
 * @throws Failure `internal` for what names no file
 */
export async function datasetFor(
  clicked: unknown,
  selected: unknown,
  title: string,
): Promise<readonly vscode.Uri[]> {
  const sources = filesGiven(clicked, selected);
  return sources.length > 0 ? sources : pickDataset(title);
}

/** The folders and manifests of the workspace, or whatever a dialog takes. */
async function pickDataset(title: string): Promise<readonly vscode.Uri[]> {
  const picked = await vscode.window.showQuickPick<Choice>(choices(title), {
    title,
    placeHolder: 'A folder, a manifest (CSV, TSV, JSONL), archives (tar) or pictures',
  });
  return (await picked?.choose?.()) ?? [];
}

async function choices(title: string): Promise<Choice[]> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => isOnDisk(uri));
  const [manifests, [picture]] =
    folders.length === 0
      ? [[], []]
      : await Promise.all([
          findFiles(manifestExtensions, listedManifests),
          findFiles(pictureEndings, 1),
        ]);
  return [
    ...group('Workspace', [
      ...folders.map(({ name, uri }) => ({
        label: `$(root-folder) ${name}`,
        choose: () => Promise.resolve([uri]),
      })),
      ...(picture === undefined
        ? []
        : [
            { label: '$(checklist) Pictures of the Workspace…', choose: () => pickPictures(title) },
          ]),
    ]),
    ...group(
      manifests.length === listedManifests ? `The first ${listedManifests} manifests` : 'Manifests',
      byPath(manifests).map(({ label, uri }) => ({
        label: `$(list-flat) ${label}`,
        choose: () => Promise.resolve([uri]),
      })),
    ),
    ...group('Elsewhere', [
      { label: '$(folder-opened) Choose a Folder…', choose: () => openFolders(title) },
      {
        label: '$(files) Choose a Manifest, Archives or Pictures…',
        choose: () => openFiles(title),
      },
    ]),
  ];
}

function group(label: string, items: readonly Choice[]): readonly Choice[] {
  return items.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...items];
}

/** Several at once, which the editor's own dialog on a remote machine does not allow. */
export async function pickPictures(title: string): Promise<readonly vscode.Uri[]> {
  const items = findFiles(pictureEndings, listedPictures).then(byPath);
  const picked = await vscode.window.showQuickPick<FileItem>(items, {
    title,
    placeHolder: `Pictures of the workspace (at most ${listedPictures} are listed)`,
    canPickMany: true,
  });
  return picked?.map(({ uri }) => uri) ?? [];
}

function byPath(files: readonly vscode.Uri[]): FileItem[] {
  return files
    .filter(isOnDisk)
    .map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri }))
    .sort((left, right) => left.label.localeCompare(right.label));
}

function isOnDisk({ scheme }: vscode.Uri): boolean {
  return scheme === 'file';
}

async function openFolders(title: string): Promise<readonly vscode.Uri[]> {
  const picked = await vscode.window.showOpenDialog({
    title,
    openLabel: 'Explain',
    canSelectFolders: true,
    canSelectFiles: false,
    canSelectMany: true,
  });
  return picked ?? [];
}

async function openFiles(title: string): Promise<readonly vscode.Uri[]> {
  const picked = await vscode.window.showOpenDialog({
    title,
    openLabel: 'Explain',
    canSelectMany: true,
    filters: {
      'Manifests, archives and pictures': [...manifestExtensions, 'tar', ...pictureEndings],
      Manifests: [...manifestExtensions],
      Archives: ['tar'],
      Pictures: [...pictureEndings],
    },
  });
  return picked ?? [];
}
